/**
 * Sends pending attempts to Toss and records what became of them. An attempt is marked as called, and that is
 * committed, before its request leaves; whoever finds it marked and unowned asks Toss before doing anything else.
 */

import {
  beginCalls,
  type CallableCharge,
  findCallableCharges,
  listAttemptsToAsk,
} from "@/db/charge";
import { lockPacing, savePacing } from "@/db/charge-pacing";
import { endRests, isChargingStopped } from "@/db/charging-stop";
import { type ChargeOutcome, isBlackout } from "@/lib/billing/charge/charge";
import { leaseFrom } from "@/lib/billing/lease";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { holdContracts } from "./hold-contracts";
import { recordOutcomes } from "./record-outcomes";

/** Attempts begun together: one statement marks them, one transaction records them. */
const WAVE = 200;

/** An attempt is begun only if its turn to be sent comes within this time; its lease starts then. */
export const QUEUE_MS = 30_000;
const RETRY_MS = 250;
/** The clocks of our processes differ by less. */
const CLOCK_SKEW_MS = 60_000;

/** Of the slots and of the queue, waves fill this much. The rest is for single calls: a customer waits for those. */
const WAVES_SHARE = 0.8;

/**
 * Collects the attempts among `chargeIds` that nobody has called for; the others are left to their owners. Calls leave
 * at the pace all processes share; what finds no room in time is left to `settleCharges`.
 */
export async function collectCharges(deps: Deps, chargeIds: readonly string[]): Promise<void> {
  for (let at = 0; at < chargeIds.length; ) {
    const wave = await beginWhenThereIsRoom(deps, chargeIds.slice(at, at + WAVE));
    if (wave === "no-room") {
      log("warn", "charges.no-room", { left: chargeIds.length - at });
      return;
    }
    await collectWave(deps, wave);
    at += wave.taken;
  }
}

type Wave = {
  /** Attempts taken out of the list, begun or found to be somebody else's. */
  readonly taken: number;
  readonly ids: readonly string[];
  readonly firstCallAt: Date;
  readonly leasedUntil: Date;
};

async function beginWhenThereIsRoom(
  deps: Deps,
  chargeIds: readonly string[],
): Promise<Wave | "no-room"> {
  let begun = await inTransaction(deps, JOB, (work) => beginWave(work, deps.pace, chargeIds));
  for (let waitedMs = 0; begun === "no-room" && waitedMs < QUEUE_MS; waitedMs += RETRY_MS) {
    await deps.wait(RETRY_MS);
    begun = await inTransaction(deps, JOB, (work) => beginWave(work, deps.pace, chargeIds));
  }
  return begun;
}

async function collectWave(deps: Deps, { ids, firstCallAt, leasedUntil }: Wave): Promise<void> {
  if (ids.length === 0) return;
  const callable = await findCallableCharges(ids);
  const calls = await Promise.allSettled(
    callable.map(async (call, turn) => {
      const callAt = firstCallAt.getTime() + (turn * 1000) / deps.pace.callsPerSecond;
      const waitMs = callAt - deps.clock.now().getTime();
      if (waitMs > 0) await deps.wait(waitMs);
      // Whoever stood still for so long no longer owns the attempt.
      const now = deps.clock.now();
      if (now >= leasedUntil) return [];
      // The nightly hours began while the wave was being sent; what is left is settled in the morning.
      if (call.charge.trigger === "automatic" && isBlackout(now)) return [];
      return [{ chargeId: call.charge.id, outcome: await sendCharge(deps, call) }];
    }),
  );
  // What is known is recorded even if a call of the wave failed on our side; that one is settled later.
  await recordOutcomes(
    deps,
    calls.flatMap((call) => (call.status === "fulfilled" ? call.value : [])),
  );
  const failed = calls.find((call) => call.status === "rejected");
  if (failed) throw failed.reason;
}

/**
 * Holds the contracts in doubt, and returns the attempts that they do not want any more; `settleCharges` closes those.
 * Whoever cancels or changes the card withdraws an attempt that was never called in the same transaction, so in a wave
 * hardly any is in doubt.
 */
async function holdDoubtful(
  work: Work,
  chargeIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const doubtful = await listAttemptsToAsk(work.tx, chargeIds);
  if (doubtful.length === 0) return new Set();
  const held = await holdContracts(work, doubtful);
  return new Set(held.flatMap(({ charge, unwanted }) => (unwanted ? [charge.id] : [])));
}

/**
 * Marks as called as many as there is room for and as may be sent now: not in the nightly hours or while charging is
 * stopped, unless a customer waits; and nothing that its contract does not want any more.
 */
async function beginWave(
  work: Work,
  pace: Deps["pace"],
  chargeIds: readonly string[],
): Promise<Wave | "no-room"> {
  const { tx, now } = work;
  const { callsPerSecond, callsInFlight } = pace;
  const unwanted = await holdDoubtful(work, chargeIds);
  const pacing = await lockPacing(tx, now);
  const firstCallAt = nextTurn(pace, pacing.nextCallAt, now);
  const share = chargeIds.length > 1 ? WAVES_SHARE : 1;
  const slots = Math.max(1, Math.floor(callsInFlight * share)) - pacing.callsInFlight;
  const queuedMs = firstCallAt.getTime() - now.getTime();
  const turns = Math.floor(((QUEUE_MS * share - queuedMs) * callsPerSecond) / 1000);
  const room = Math.min(slots, queuedMs === 0 ? Math.max(1, turns) : turns);
  if (room < 1) return "no-room";
  const wanted = chargeIds.slice(0, room);
  const isNight = isBlackout(now);
  if (!isNight) await endRests(tx, now);
  const onlyForCustomers = isNight || (await isChargingStopped(tx, now));
  const lastCallAt = firstCallAt.getTime() + (wanted.length * 1000) / callsPerSecond;
  const { leasedUntil } = leaseFrom(new Date(lastCallAt));
  const ids = await beginCalls(
    tx,
    wanted.filter((id) => !unwanted.has(id)),
    { now, leasedUntil, onlyForCustomers },
  );
  await savePacing(tx, new Date(firstCallAt.getTime() + (ids.length * 1000) / callsPerSecond));
  return { taken: wanted.length, ids, firstCallAt, leasedUntil };
}

/**
 * When the next request may leave. Nobody queues for long: a turn far ahead was left behind by a clock that has been
 * set back since, and is not waited for.
 */
export function nextTurn(pace: Deps["pace"], nextCallAt: Date, now: Date): Date {
  const aheadMs = nextCallAt.getTime() - now.getTime();
  const longestMs = QUEUE_MS + 1000 / pace.callsPerSecond + CLOCK_SKEW_MS;
  return aheadMs > 0 && aheadMs <= longestMs ? nextCallAt : now;
}

/** Our own code: the card has no key any more, and nothing was called. */
const CARD_REMOVED = "CARD_REMOVED";

/** Our own code: the key of the card is another provider's, and nothing was called. Our set-up is at fault. */
const otherProvider = {
  kind: "declined",
  code: "OTHER_PROVIDER",
  reason: "other-provider",
  declineClass: "config",
} as const satisfies ChargeOutcome;

/** Sends one attempt, with the idempotency key it was given when it was written. */
export async function sendCharge(deps: Deps, call: CallableCharge): Promise<ChargeOutcome> {
  const { charge, billingKeyCiphertext } = call;
  const { orderId, amountWon, idempotencyKey, paymentMethodId, paymentKey } = charge;
  if (charge.provider !== deps.gateway.provider) return otherProvider;
  if (paymentMethodId === null) {
    if (paymentKey === null)
      throw new Error(`Charge ${charge.id} has neither a card nor a payment key`);
    return deps.gateway.confirmPayment({ paymentKey, orderId, amountWon }, idempotencyKey);
  }
  // The key was deleted between the claim and the call: the same as the provider saying so.
  if (billingKeyCiphertext === null) {
    const reason = "card-removed";
    return { kind: "declined", code: CARD_REMOVED, reason, declineClass: "hard" };
  }
  const billingKey = deps.vault.open(billingKeyCiphertext, paymentMethodId);
  return deps.gateway.chargeBillingKey(
    {
      billingKey,
      customerKey: call.customerKey,
      orderId,
      orderName: call.title,
      amountWon,
      customerEmail: call.email,
      customerName: call.name,
    },
    idempotencyKey,
  );
}
