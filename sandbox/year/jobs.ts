/**
 * The jobs of the app, without their engine: everything that is due at this instant is done, in batches as they do it.
 * A job of an hour or longer runs at each of its ticks; a shorter one is not started when it has nothing to do.
 */
import { JOBS } from "@/inngest/jobs";
import { deleteBillingKeys } from "@/lib/operations/card/delete-keys";
import { resumeRegistrations } from "@/lib/operations/card/resume-registrations";
import { settleCharges } from "@/lib/operations/charge/settle";
import { expireCheckouts } from "@/lib/operations/checkout/expire";
import { numberInvoices } from "@/lib/operations/invoice/number";
import { recordInvariants } from "@/lib/operations/ledger/record-invariants";
import { bookReminders } from "@/lib/operations/message/book-reminders";
import { sendMessages } from "@/lib/operations/message/send";
import { listDaysToReconcile, reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { settleRefunds } from "@/lib/operations/refund/settle";
import { forecastCharges } from "@/lib/operations/renewal/forecast";
import { reviewExpectations } from "@/lib/operations/renewal/review-expectations";
import { handleWaitingWebhooks } from "@/lib/operations/webhook/handle";
import { sweep } from "@/lib/testing/sweep";
import { createJobs } from "@/sandbox/time/jobs";
import { Failure } from "@/sandbox/world/failure";
import type { YearWorld } from "./world";

type Deps = YearWorld["deps"];

const BATCH = 100;
const SETTLE_BATCH = 50;

/** Of the contracts that are not due, so many are reviewed each night: all of them would take half of the year. */
const REVIEW_SAMPLE = 50;

/** So often the jobs look at one instant; what is due then and is not done by them never will be. */
const MOST_ROUNDS = 20;

const jobs = createJobs("", "", JOBS);

/** What the jobs of an hour or longer do, by their names. */
const LONG_JOBS: Readonly<Record<string, (deps: Deps) => Promise<unknown>>> = {
  "forecast-charges": async (deps) => {
    await forecastCharges(deps);
    await reviewExpectations(deps, REVIEW_SAMPLE);
  },
  reconcile: async (deps) => {
    for (const day of await listDaysToReconcile(deps)) await reconcileDay(deps, day);
  },
};

/**
 * Lets time pass until `to`, through every instant at which something is due or a daily job ticks, in order. The app's
 * own time machine asks the job engine to work and waits for it; here the same operations are called one after the
 * other. Tidying up goes on beside the charging, as it does in the app, and is over when this returns.
 */
export async function passTime(
  world: YearWorld,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<void> {
  let rounds = 0;
  let ticksSince = from;
  const faults: unknown[] = [];
  let tidying: Promise<void> | null = null;
  for (;;) {
    if (faults.length > 0) throw faults[0];
    const agenda = await readAgenda(world);
    const now = world.now();
    const { keys, letters, reminders, numbers: _, ...money } = agenda;
    const chores = [keys, letters, reminders];
    if (tidying === null && chores.some((at) => isDue(at, now))) {
      tidying = tidyUp(world.deps, agenda, now)
        .catch((fault) => void faults.push(fault))
        .finally(() => {
          tidying = null;
        });
    }
    const ahead = chores.filter((at) => at !== null && at > now);
    const due = [...Object.values(money), ...ahead].map((at) => at?.getTime() ?? Infinity);
    const tick = jobs.nextLongTick(ticksSince);
    const next = Math.min(...due, tick?.getTime() ?? Infinity);
    if (next > to.getTime()) {
      if (tidying === null) break;
      await tidying;
      continue;
    }
    rounds = next > now.getTime() ? 0 : rounds + 1;
    if (rounds > MOST_ROUNDS)
      throw new Failure(`Something due at ${new Date(next).toISOString()} is never done.`);
    world.moveTo(new Date(next));
    if (next === tick?.getTime()) {
      await runLongJobs(world.deps, { since: ticksSince, until: tick });
      if (isDue(agenda.numbers, tick)) await numberInvoices();
      ticksSince = tick;
    } else await collect(world.deps, agenda, world.now());
  }
  world.moveTo(to);
}

async function runLongJobs(deps: Deps, { since, until }: { since: Date; until: Date }) {
  for (const id of jobs.longTickedBetween(since, until)) {
    const job = LONG_JOBS[id];
    if (!job) throw new Failure(`The year does not know what the job ${id} does.`);
    await job(deps);
  }
}

/** The laws of money that are broken. Asked every quarter of an hour, as the app does, they would take most of the year. */
export async function findBrokenLaws({ deps }: YearWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (let names: readonly string[] | undefined; names === undefined || names.length > 0; ) {
    const { broken, left } = await recordInvariants(deps, names);
    found.push(...broken);
    names = left;
  }
  return found;
}

async function collect(deps: Deps, agenda: Agenda, now: Date): Promise<void> {
  if (isDue(agenda.registrations, now))
    await untilFew(BATCH, () => resumeRegistrations(deps, BATCH));
  if (isDue(agenda.renewals, now)) await sweep(deps);
  if (isDue(agenda.charges, now))
    await untilFew(SETTLE_BATCH, () => settleCharges(deps, SETTLE_BATCH));
  if (isDue(agenda.renewals, now) || isDue(agenda.charges, now) || agenda.numbers)
    await numberInvoices();
  if (isDue(agenda.refunds, now))
    await untilFew(SETTLE_BATCH, () => settleRefunds(deps, SETTLE_BATCH));
  if (isDue(agenda.webhooks, now)) await untilFew(BATCH, () => handleWaitingWebhooks(deps, BATCH));
  if (isDue(agenda.checkouts, now)) await untilFew(BATCH, () => expireCheckouts(deps, BATCH));
}

/** The letters stay in the mailbox of this database. */
async function tidyUp(deps: Deps, agenda: Agenda, now: Date): Promise<void> {
  if (isDue(agenda.keys, now)) await untilFew(BATCH, () => deleteBillingKeys(deps, BATCH));
  if (isDue(agenda.reminders, now)) await untilFew(BATCH, () => bookReminders(deps, BATCH));
  if (isDue(agenda.letters, now))
    await untilFew(BATCH, () => sendMessages(deps, BATCH, async () => undefined));
}

function isDue(at: Date | null, now: Date): boolean {
  return at !== null && at <= now;
}

/** When each job has something to do next. */
type Agenda = Record<
  | "registrations"
  | "renewals"
  | "charges"
  | "refunds"
  | "webhooks"
  | "checkouts"
  | "keys"
  | "reminders"
  | "letters"
  | "numbers",
  Date | null
>;

/** Each by the first entry of its index, however many rows the table has. */
async function readAgenda({ sql }: YearWorld): Promise<Agenda> {
  const [agenda] = await sql<Agenda[]>`
    select (select min(next_try_at) from card_registrations where status = 'pending') as registrations,
      (select min(next_action_at) from subscriptions where next_action_at is not null) as renewals,
      (select min(settle_at) from charges where settle_at is not null) as charges,
      (select min(settle_at) from refunds where settle_at is not null) as refunds,
      (select min(look_at) from webhook_events where handled_at is null) as webhooks,
      (select min(expires_at) from checkouts where status = 'open') as checkouts,
      (select min(delete_at) from payment_methods
        where delete_at is not null and deleted_at is null) as keys,
      (select min(closed_at) from invoices where status = 'paid' and number is null) as numbers,
      (select min(next_reminder_at) from subscriptions
        where next_reminder_at is not null) as reminders,
      (select min(send_at) from messages where sent_at is null) as letters`;
  if (!agenda) throw new Error("PostgreSQL said nothing of what is due");
  return agenda;
}

async function untilFew(batch: number, work: () => Promise<number>): Promise<void> {
  while ((await work()) >= batch);
}
