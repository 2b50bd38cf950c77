/**
 * Months of sandbox time, day by day: nights, mornings, sweeps and customers, while workers are killed, lines cut and
 * events lost. What happens is decided by one seeded row of numbers; when it meets which worker is up to the machine.
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { FaultRequest } from "@/packages/inngest-local/engine/faults";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { CARDS, type People, type Person, PRICES, STOPS } from "./people";
import type { ProveWorld } from "./world";

export type Drive = {
  readonly world: ProveWorld;
  readonly people: People;
  readonly random: () => number;
  /** How many kills are wanted on a day. */
  readonly killsPerDay: number;
  readonly customersPerDay: number;
  /** Faults that struck, by kind. */
  readonly faults: Map<string, number>;
  /** Faults at Toss on each day, beside those drawn by chance. */
  readonly ordered: readonly NewFaultRule[];
  /** On most days nothing runs until the night. */
  readonly isNightly: boolean;
  /** Faults armed at Toss and not yet counted. */
  readonly armed: { readonly id: string; readonly kind: string; readonly times: number }[];
};

const MINUTE_MS = 60_000;
/** The executor is waited for this long at most before time moves on, whatever is still under way. */
const PATIENCE_MS = 900;

/** Subscribers of all kinds, on the last days of a month, before anything is allowed to break. */
export async function settleIn(drive: Drive, count: number): Promise<void> {
  const { world, people } = drive;
  const perDay = Math.ceil(count / 4);
  for (let day = 0; day < 4; day++) {
    await inBatches(await people.invite(perDay), 6, async (person) => {
      const card = people.chance(0.6) ? "normal" : people.pick(CARDS);
      await people.subscribe(person, { priceId: people.pick(PRICES), card, stop: "end" });
      if (people.chance(0.7)) await people.consent(person);
    });
    const tomorrow = addDays(seoulDayOf(world.now()), 1);
    if (day < 3) world.moveTo(seoulInstant(tomorrow, 9, 30));
    await world.rest(PATIENCE_MS);
  }
}

/** One Seoul day, from the night before it to its evening. */
export async function liveThrough(drive: Drive, day: CalendarDate): Promise<void> {
  const { world, people } = drive;
  const killedBefore = world.workers.killCount;
  const random = drive.random;
  await armFaults(drive);
  if (drive.isNightly && random() < 0.6) world.moveTo(seoulInstant(day, 23, 32));
  else if (random() < 0.25) await visitTheNight(drive, day);
  await releaseStops(world);
  for (let unlucky = 0; unlucky < 2; unlucky++) {
    const person = await personWith(drive, "active");
    if (person) await people.spoilCard(person);
  }
  const business = customersOf(drive);
  await moveTo(world, seoulInstant(day, 9, 40));
  const rivals = sweepTwice(world);
  await Promise.all([inBatches(business.splice(0, 3), 2, (act) => act()), world.rest(PATIENCE_MS)]);

  await moveTo(world, seoulInstant(day, 10, Math.floor(random() * 3)));
  if (random() < 0.5) await world.requestSweep();
  rivals.push(...sweepTwice(world));
  for (let step = 0; step < 7; step++) {
    await disturb(drive);
    if (step % 3 === 2) await releaseStops(world);
    await changeMinds(drive);
    await Promise.all([
      inBatches(business.splice(0, 2), 2, (act) => act()),
      world.rest(PATIENCE_MS),
    ]);
    const minutes = step < 5 ? 1 + random() * 2 : 20 + random() * 60;
    await moveTo(world, new Date(world.now().getTime() + minutes * MINUTE_MS));
  }
  await Promise.all(rivals);
  await moveTo(world, seoulInstant(day, 16, Math.floor(random() * 59)));
  await inBatches(business, 2, (act) => act());
  await world.rest(PATIENCE_MS);
  await disarmFaults(drive);
  steer(drive, world.workers.killCount - killedBefore);
  if (people.chance(0.1)) await burst(world);
}

/** While an attempt at their money is open, one customer leaves and another changes the card. */
async function changeMinds(drive: Drive): Promise<void> {
  const { people } = drive;
  const leaver = people.chance(0.3) ? await personWith(drive, "charging") : null;
  if (leaver) await people.cancel(leaver);
  const changer = people.chance(0.3) ? await personWith(drive, "charging") : null;
  if (changer) await people.replaceCard(changer, people.pick(CARDS), "end");
}

/** Two sweeps at once, beside the job engine's own. */
function sweepTwice(world: ProveWorld): Promise<unknown>[] {
  return [1, 2].map(() => world.act("sweep", {}).catch(() => undefined));
}

/** The nightly hours: crons fire, customers may act, no card is called by itself. Entered only when all is quiet. */
async function visitTheNight(drive: Drive, day: CalendarDate): Promise<void> {
  const { world, random, people } = drive;
  const isEvening = random() < 0.5;
  const from = isEvening
    ? seoulInstant(addDays(day, -1), 23, 31 + Math.floor(random() * 20))
    : seoulInstant(day, 0, Math.floor(random() * 45));
  if (world.now() > from || !(await world.rest(2 * PATIENCE_MS))) return;
  world.moveTo(from);
  const owing = await personWith(drive, "owing");
  if (owing && random() < 0.5) await people.replaceCard(owing, people.pick(CARDS), "end");
  await disturb(drive);
  await world.rest(2 * PATIENCE_MS);
}

/** What the customers of a day are going to do. */
function customersOf(drive: Drive): (() => Promise<void>)[] {
  const { people, random } = drive;
  const withOne = (status: string, act: (person: Person) => Promise<void>) => async () => {
    const person = await personWith(drive, status);
    if (person) await act(person);
  };
  const newcomer = async () => {
    const isOld = people.all.length > 0 && people.chance(0.3);
    const [person] = isOld ? [people.pick(people.all)] : await people.invite(1);
    if (!person) return;
    const stop = people.chance(0.6) ? "end" : people.pick(STOPS);
    await people.subscribe(person, {
      priceId: people.pick(PRICES),
      card: people.pick(CARDS),
      stop,
    });
  };
  const kinds: readonly (() => Promise<void>)[] = [
    ...[newcomer, newcomer, newcomer],
    ...[() => people.webhook(), () => people.webhook()],
    ...[() => people.refund(), () => people.refund(), () => people.refundAtToss()],
    () => people.buyOnce(people.pick(people.all), people.pick(CARDS)),
    withOne("active", (person) => people.cancel(person)),
    withOne("canceling", (person) => people.undoCancel(person)),
    withOne("past-due", (person) => people.cancel(person)),
    withOne("trialing", (person) => people.cancel(person)),
    ...[1, 2, 3, 4].map(() => withOne("trialing", (person) => people.consent(person))),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(() =>
      withOne("owing", (person) =>
        people.replaceCard(person, people.pick(CARDS), people.chance(0.8) ? "end" : "returned"),
      ),
    ),
    ...Array.from({ length: 12 }, () => withOne("owing", (person) => people.payOverdue(person))),
    withOne("active", (person) => people.replaceCard(person, people.pick(CARDS), "end")),
    withOne("incomplete", (person) =>
      people.subscribe(person, {
        priceId: people.pick(PRICES),
        card: people.pick(CARDS),
        stop: "end",
      }),
    ),
  ];
  const count = Math.round(drive.customersPerDay * (0.5 + random()));
  return Array.from({ length: count }, () => people.pick(kinds));
}

async function personWith({ world, random }: Drive, status: string): Promise<Person | null> {
  const { sql } = world;
  const openCharge = sql`(
    select from invoices i join charges g on g.invoice_id = i.id
    where i.subscription_id = s.id and g.status in ('pending', 'unknown'))`;
  const special: Readonly<Record<string, typeof openCharge>> = {
    canceling: sql`s.cancels_on is not null and s.status <> 'ended'`,
    owing: sql`s.status = 'past-due' and not exists ${openCharge}`,
    charging: sql`s.status in ('active', 'past-due') and exists ${openCharge}`,
  };
  const wanted = special[status] ?? sql`s.status = ${status}`;
  const [row] = await sql<{ userId: string; accountId: string; customerKey: string }[]>`
    select m.user_id as "userId", c.id as "accountId", c.customer_key as "customerKey"
    from subscriptions s join customers c on c.id = s.customer_id
      join account_members m on m.account_id = c.id and m.role = 'owner'
    where ${wanted} order by md5(s.id || ${String(random())}) limit 1`;
  return row ?? null;
}

/** A blow from outside: at a worker at work, at the database, at Toss, at the executor. */
async function disturb({ world, random }: Drive): Promise<void> {
  const blow = random();
  const afterMs = random() * 60;
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (blow < 0.12) await world.cutDatabase();
  else if (blow < 0.24) world.line.cutNext(random() < 0.5 ? "before" : "after");
  else if (blow < 0.25) {
    await world.killToss();
    await world.startToss();
  } else if (blow < 0.26) {
    await world.killJobs();
    await world.startJobs();
  } else if (blow < 0.4) await world.jobs.fireCron("sweep-renewals").catch(() => undefined);
}

const TOSS_FAULTS: readonly NewFaultRule[] = [
  { kind: "hang-up-before", match: { operation: "charge" }, times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "charge" }, times: 2 },
  { kind: "hang-up-after-execute", match: { operation: "confirm" }, times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "issue" }, times: 1 },
  { kind: "500-executed", match: { operation: "charge" }, times: 2 },
  { kind: "500-executed", match: { operation: "issue" }, times: 1 },
  { kind: "500-not-executed", match: { operation: "charge" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "charge" }, times: 1, store: true },
  { kind: "delay", match: { operation: "charge" }, times: 1, delayMs: 1_200 },
  { kind: "delay", match: { operation: "charge" }, times: 2, delayMs: 200 },
  { kind: "delay", match: { operation: "issue" }, times: 1, delayMs: 1_000 },
  { kind: "truncated-json", match: { operation: "charge" }, times: 2 },
  { kind: "truncated-json", match: { operation: "issue" }, times: 1 },
  { kind: "html-page", match: { operation: "charge" }, times: 2 },
  { kind: "wrong-amount", match: { operation: "charge" }, times: 1 },
  { kind: "wrong-order-id", match: { operation: "charge" }, times: 1 },
  { kind: "429", match: { operation: "charge" }, times: 2 },
  { kind: "429", match: { operation: "query" }, times: 2 },
  { kind: "hang-up-before", match: { operation: "query" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "query" }, times: 1 },
  { kind: "500-executed", match: { operation: "delete-key" }, times: 1 },
  { kind: "hang-up-before", match: { operation: "delete-key" }, times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "REJECT_CARD_PAYMENT", times: 2 },
  { kind: "decline", match: { operation: "charge" }, code: "INVALID_STOPPED_CARD", times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "PROVIDER_ERROR", times: 2 },
  { kind: "decline", match: { operation: "charge" }, code: "DUPLICATED_ORDER_ID", times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "UNAUTHORIZED_KEY", times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "cancel" }, times: 1 },
  { kind: "500-executed", match: { operation: "cancel" }, times: 1 },
  { kind: "delay", match: { operation: "cancel" }, times: 1, delayMs: 1_000 },
  { kind: "hang-up-before", match: { operation: "cancel" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "transactions" }, times: 2 },
  { kind: "outage", match: {}, times: 8 },
];

const JOB_FAULTS: readonly FaultRequest[] = [
  { kind: "drop-event", probability: 0.3 },
  { kind: "duplicate-event", probability: 0.3, delayMs: 90_000 },
  { kind: "duplicate-event", probability: 0.3 },
  { kind: "delay-event", probability: 0.3, delayMs: 400_000 },
  { kind: "lose-answer", probability: 0.2 },
  { kind: "refuse-call", probability: 0.15 },
  { kind: "slow-call", probability: 0.1, delayMs: 150 },
];

async function armFaults({ world, random, armed, ordered }: Drive): Promise<void> {
  const draw = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const drawn = Array.from({ length: 4 }, () => draw(TOSS_FAULTS)).filter(
    (rule) => rule !== undefined,
  );
  for (const rule of [...ordered, ...drawn]) {
    const fault = await world.toss.addFault(rule).catch(() => undefined);
    if (fault) armed.push({ id: fault.id, kind: fault.kind, times: fault.left ?? 0 });
  }
  const jobs = draw(JOB_FAULTS);
  const seed = Math.floor(random() * 1e9);
  if (jobs) await world.jobs.fault({ ...jobs, seed }).catch(() => undefined);
}

/** Takes the faults back and counts those that struck. */
export async function disarmFaults({ world, faults, armed }: Drive): Promise<void> {
  const count = (kind: string, times: number) => {
    if (times > 0) faults.set(kind, (faults.get(kind) ?? 0) + times);
  };
  const atJobs = await world.jobs.faults().catch(() => []);
  for (const { fault, hits } of atJobs) count(`jobs: ${fault.kind}`, hits);
  await world.jobs.clearFaults().catch(() => undefined);
  const left = new Map(
    (await world.toss.faults().catch(() => [])).map((fault) => [fault.id, fault.left ?? 0]),
  );
  for (const { id, kind, times } of armed.splice(0))
    count(`toss: ${kind}`, times - (left.get(id) ?? 0));
  await world.toss.clearFaults().catch(() => undefined);
  world.line.mend();
}

/** Half an hour of missed crons, each of them fired. */
async function burst(world: ProveWorld): Promise<void> {
  await world.jobs.setCronCatchUp("burst").catch(() => undefined);
  await moveTo(world, new Date(world.now().getTime() + 20 * MINUTE_MS));
  await world.rest(3 * PATIENCE_MS);
  await world.jobs.setCronCatchUp("once").catch(() => undefined);
}

/** The operator, each morning: has read the alarm and lets charging go on. */
export async function releaseStops({ sql }: ProveWorld): Promise<void> {
  await sql`
    update charging_stops set released_at = now(), released_by = 'operator'
    where released_at is null`;
}

/**
 * Forward only; the executor sees the leap within a beat. Toss is done with a call within a minute, so no leap of hours
 * is made while it is at one.
 */
async function moveTo(world: ProveWorld, instant: Date): Promise<void> {
  await world.line.quiet();
  world.moveTo(instant);
  await new Promise((resolve) => setTimeout(resolve, 60));
}

/** More or fewer deaths tomorrow. Counted by the day, so that on a slow machine as much gets done between two of them. */
function steer({ world, killsPerDay }: Drive, killed: number): void {
  const { workers } = world;
  const factor = Math.min(1.5, Math.max(0.6, (killsPerDay + 1) / (killed + 1)));
  workers.mortality = Math.min(0.4, Math.max(0.002, workers.mortality * factor));
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const hands = Array.from({ length: size }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(hands);
}
