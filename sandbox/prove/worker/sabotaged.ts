/** The broken variants of `SABOTAGES`, chosen by the environment of the worker; none is on unless it is named. */
import { and, asc, eq, lte, ne } from "drizzle-orm";
import { isOwnerOf } from "@/db/account";
import { anyOf } from "@/db/bulk";
import type { Tx } from "@/db/client";
import { accountMembers } from "@/db/schema/account";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { subscriptions } from "@/db/schema/subscription";
import { parseSubscriptions } from "@/db/subscription";
import { findChargeIdByOrder } from "@/db/webhook";
import type { CalendarDate } from "@/lib/billing/calendar";
import { parseWon, splitVat } from "@/lib/billing/money";
import type { Expectation, SaveFacts } from "@/lib/billing/subscription/expectation";
import { collectCharges } from "@/lib/operations/charge/collect";
import { recordOutcomes } from "@/lib/operations/charge/record-outcomes";
import type { Deps } from "@/lib/runtime/deps";
import { inOneTransaction, transaction } from "./client";
import { moneyStandIns } from "./sabotaged-money";

type Work = (...args: readonly unknown[]) => unknown;
/** What stands in for `module:function`; it gets the real function and the arguments. */
export type StandIn = (real: Work, ...args: readonly unknown[]) => unknown;

const NAME = process.env.PROVE_SABOTAGE ?? "";

/** The function itself, or what the sabotage puts in its place. Looked up when called, since modules import in a ring. */
export function sabotaged<F>(module: string, name: string, real: F): F {
  const call = (...args: readonly unknown[]) => {
    const standIn = standInsOf(NAME)?.[`${module}:${name}`];
    return standIn ? standIn(real as Work, ...args) : (real as Work)(...args);
  };
  return (NAME === "" ? real : call) as F;
}

export function sabotageDeps(deps: Deps): Deps {
  const { gateway } = deps;
  switch (NAME) {
    case "new-key-on-retry":
      return {
        ...deps,
        gateway: {
          ...gateway,
          async chargeBillingKey(charge, key) {
            const outcome = await gateway.chargeBillingKey(charge, key);
            if (outcome.kind !== "unknown") return outcome;
            const again = { ...charge, orderId: deps.newId("order") };
            return gateway.chargeBillingKey(again, deps.newId("idempotencyKey"));
          },
        },
      };
    case "time-out-is-decline":
      return {
        ...deps,
        gateway: {
          ...gateway,
          async chargeBillingKey(charge, key) {
            const outcome = await gateway.chargeBillingKey(charge, key);
            return outcome.kind === "unknown" ? declined() : outcome;
          },
        },
      };
    case "settle-without-asking":
      return { ...deps, gateway: { ...gateway, findByOrderId: () => Promise.resolve(declined()) } };
    default:
      return deps;
  }
}

/** Before the webhook is stored: believes it, when that is the sabotage. */
export async function believeWebhook(deps: Deps, body: string): Promise<void> {
  if (NAME !== "webhook-believed") return;
  const { data }: { data: { orderId: string; totalAmount: number } } = JSON.parse(body);
  const chargeId = await findChargeIdByOrder(data.orderId);
  if (chargeId === null) return;
  const amountWon = parseWon(data.totalAmount);
  const paymentKey = `forged-${data.orderId}`;
  const approvedAt = deps.clock.now();
  const approval = { paymentKey, amountWon, ...splitVat(amountWon), approvedAt, receiptUrl: null };
  await recordOutcomes(deps, [{ chargeId, outcome: { kind: "approved", ...approval } }]);
}

function standInsOf(name: string): Readonly<Record<string, StandIn>> | undefined {
  switch (name) {
    case "no-intent":
      return { "lib/operations/renewal/claim:claimRenewals": claimAndCollectAtOnce };
    case "claim-without-lock":
      return { "db/subscription:lockDueSubscriptions": readDueWithoutLock };
    case "record-twice":
      return {
        "db/charge:lockOpenCharges": readAnyCharges,
        "lib/operations/charge/record-outcomes:recordOutcomes": twice,
      };
    case "webhook-believed":
      return { "db/charge:lockOpenCharges": readAnyCharges };
    case "drift":
      return { "lib/billing/calendar:nthPeriod": countFromTheLast };
    case "twice-a-day":
      return {
        "lib/billing/renewal/dunning:nextDunningStep": retryToday,
        "lib/billing/subscription/expectation:expectationOfSubscription": bookAfterOutcome(
          new Date(0),
        ),
      };
    case "key-by-tab-only":
      return {
        "lib/operations/card/resume-registrations:resumeRegistrations": () => Promise.resolve(0),
      };
    case "blackout-ignored":
      return { "lib/billing/charge/charge:isBlackout": () => false };
    case "ledger-afterwards":
      return { "db/ledger:appendJournals": appendLater };
    case "repeat-without-asking":
      return { "lib/billing/charge/attempt:whyUnwanted": () => null };
    case "record-without-next-date":
      return {
        "lib/billing/subscription/expectation:expectationOfSubscription": bookAfterOutcome(null),
      };
    default:
      return moneyStandIns(name);
  }
}

function declined() {
  const reason = "insufficient-funds";
  return { kind: "declined", code: "SABOTAGED", reason, declineClass: "soft" } as const;
}

const claimAndCollectAtOnce: StandIn = (real, ...args) =>
  inOneTransaction(async () => {
    const [deps] = args as [Deps];
    const claimed = (await real(...args)) as { chargeIds: readonly string[]; taken: number };
    await collectCharges(deps, claimed.chargeIds);
    return { ...claimed, chargeIds: [] };
  });

const readDueWithoutLock: StandIn = async (_, ...args) => {
  const [tx, now, limit] = args as [Tx, Date, number];
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(and(lte(subscriptions.nextActionAt, now), ne(subscriptions.status, "ended")))
    .orderBy(asc(subscriptions.nextActionAt))
    .limit(limit);
  // Long enough for another sweep to read the same.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const parsed = await parseSubscriptions(tx, rows);
  return rows.flatMap(({ id, nextActionAt, expects, expectedWon, paysTo }) => {
    const subscription = parsed.get(id);
    if (subscription === undefined) return [];
    const expectation = { nextActionAt, expects, expectedWon, paysTo };
    return [{ subscription, planName: subscription.terms.plan.key, expectation }];
  });
};

/** Books another instant where the outcome of a charge books what comes next. */
function bookAfterOutcome(nextActionAt: Date | null): StandIn {
  return (real, ...args) => {
    const [, { notBefore, isCollecting }] = args as [unknown, SaveFacts];
    const expected = real(...args) as Expectation;
    return notBefore === null || isCollecting ? expected : { ...expected, nextActionAt };
  };
}

const readAnyCharges: StandIn = (_, ...args) => {
  const [tx, ids] = args as [Tx, readonly string[]];
  return tx
    .select({ charge: charges, invoice: invoices, userId: accountMembers.userId })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .where(anyOf(charges.id, ids))
    .for("update", { of: [charges, invoices] });
};

const twice: StandIn = async (real, ...args) => {
  await real(...args);
  await real(...args);
};

const retryToday: StandIn = (_, ...args) => {
  const [, , { today }] = args as [unknown, unknown, { today: CalendarDate }];
  return { kind: "retry", on: today };
};

const countFromTheLast: StandIn = (real, ...args) => {
  const [anchor, interval, n] = args as [string, string, number];
  let period = real(anchor, interval, 0) as { startsOn: string; endsOn: string };
  for (let at = 0; at < n; at++) period = real(period.endsOn, interval, 0) as typeof period;
  return period;
};

const appendLater: StandIn = (real, ...args) => {
  const [, ...journals] = args;
  setTimeout(
    () => void transaction(async (tx) => real(tx, ...journals)).catch(() => undefined),
    30,
  );
  return Promise.resolve();
};
