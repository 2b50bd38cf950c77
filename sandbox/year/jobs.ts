/**
 * The jobs of the app, without their engine: everything that is due at this instant is done, in batches as they do it.
 * A job that has nothing to do is not started.
 */
import { checkBrake } from "@/lib/operations/check-brake";
import { claimRenewals } from "@/lib/operations/claim-renewals";
import { collectCharges } from "@/lib/operations/collect-charges";
import { deleteBillingKeys } from "@/lib/operations/delete-billing-keys";
import { expireCheckouts } from "@/lib/operations/expire-checkouts";
import { resumeRegistrations } from "@/lib/operations/resume-registrations";
import { sendMessages } from "@/lib/operations/send-messages";
import { settleCharges } from "@/lib/operations/settle-charges";
import { settleRefunds } from "@/lib/operations/settle-refunds";
import { Failure } from "@/sandbox/world/failure";
import type { YearWorld } from "./world";

type Deps = YearWorld["deps"];

const BATCH = 100;
const SETTLE_BATCH = 50;
/** Batches that are charged at once. */
const RUNS_AT_ONCE = 4;

/** So often the jobs look at one instant; what is due then and is not done by them never will be. */
const MOST_ROUNDS = 20;

/**
 * Lets time pass until `to`, through every instant at which something is due, in order. The app's own time machine asks
 * the job engine to work and waits for it; here the same operations are called one after the other.
 */
export async function passTime(world: YearWorld, to: Date): Promise<void> {
  let rounds = 0;
  for (;;) {
    const agenda = await readAgenda(world);
    const next = Math.min(...Object.values(agenda).map((at) => at?.getTime() ?? Infinity));
    if (next > to.getTime()) break;
    rounds = next > world.now().getTime() ? 0 : rounds + 1;
    if (rounds > MOST_ROUNDS)
      throw new Failure(`Something due at ${new Date(next).toISOString()} is never done.`);
    world.moveTo(new Date(next));
    await workOff(world.deps, agenda, world.now());
  }
  world.moveTo(to);
}

async function workOff(deps: Deps, agenda: Agenda, now: Date): Promise<void> {
  const isDue = (at: Date | null) => at !== null && at <= now;
  if (isDue(agenda.registrations)) await untilFew(BATCH, () => resumeRegistrations(deps, BATCH));
  if (isDue(agenda.renewals)) await sweep(deps);
  if (isDue(agenda.charges)) await untilFew(SETTLE_BATCH, () => settleCharges(deps, SETTLE_BATCH));
  if (isDue(agenda.refunds)) await untilFew(SETTLE_BATCH, () => settleRefunds(deps, SETTLE_BATCH));
  if (isDue(agenda.checkouts)) await untilFew(BATCH, () => expireCheckouts(deps, BATCH));
  if (isDue(agenda.keys)) await untilFew(BATCH, () => deleteBillingKeys(deps, BATCH));
  // The letters stay in the mailbox of this database.
  if (isDue(agenda.letters))
    await untilFew(BATCH, () => sendMessages(deps, BATCH, async () => undefined));
}

async function sweep(deps: Deps): Promise<void> {
  await checkBrake(deps);
  const running = new Set<Promise<void>>();
  for (;;) {
    const { chargeIds, taken } = await claimRenewals(deps, BATCH);
    const run = collectCharges(deps, chargeIds).finally(() => running.delete(run));
    running.add(run);
    if (running.size >= RUNS_AT_ONCE) await Promise.race(running);
    if (taken < BATCH) break;
  }
  await Promise.all(running);
}

/** When each job has something to do next. */
type Agenda = Record<
  "registrations" | "renewals" | "charges" | "refunds" | "checkouts" | "keys" | "letters",
  Date | null
>;

/** Each by the first entry of its index, however many rows the table has. */
async function readAgenda({ sql }: YearWorld): Promise<Agenda> {
  const [agenda] = await sql<Agenda[]>`
    select (select min(next_try_at) from card_registrations where status = 'pending') as registrations,
      (select min(next_action_at) from subscriptions where next_action_at is not null) as renewals,
      (select min(settle_at) from charges where settle_at is not null) as charges,
      (select min(settle_at) from refunds where settle_at is not null) as refunds,
      (select min(expires_at) from checkouts where status = 'open') as checkouts,
      (select min(delete_at) from payment_methods
        where delete_at is not null and deleted_at is null) as keys,
      (select min(send_at) from messages where sent_at is null) as letters`;
  if (!agenda) throw new Error("PostgreSQL said nothing of what is due");
  return agenda;
}

async function untilFew(batch: number, work: () => Promise<number>): Promise<void> {
  while ((await work()) >= batch);
}
