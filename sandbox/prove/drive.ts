/**
 * Months of sandbox time, day by day: nights, mornings, sweeps and customers, while workers are killed, lines cut and
 * events lost. What happens is decided by one seeded row of numbers; when it meets which worker is up to the machine.
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import { armFaults, disarmFaults } from "./faults";
import { CARDS, OTHER_PRICE, type People, type Person, PRICES, STOPS } from "./people";
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
  /** Contracts of which the drive falsified what is expected: each must be found before it is charged. */
  readonly falsified: Set<string>;
  /** Faults armed at Toss and not yet counted. */
  readonly armed: { readonly id: string; readonly kind: string; readonly times: number }[];
};

const MINUTE_MS = 60_000;
/** Due on the days of the other product, when both begin on one day. */
const SAME_DAYS: ReadonlySet<string> = new Set(["basic-month-v1", "enterprise-month-v1"]);
/** The executor is waited for this long at most before time moves on, whatever is still under way. */
const PATIENCE_MS = 900;

/** Subscribers of all kinds, on the last days of a month, before anything is allowed to break. */
export async function settleIn(drive: Drive, count: number): Promise<void> {
  const { world, people } = drive;
  const perDay = Math.ceil(count / 4);
  for (let day = 0; day < 4; day++) {
    await inBatches(await people.invite(perDay), 6, async (person) => {
      const card = people.chance(0.6) ? "normal" : people.pick(CARDS);
      const priceId = people.pick(PRICES);
      await people.subscribe(person, { priceId, card, stop: "end" });
      if (people.chance(0.7)) await people.consent(person);
      // Two that are due on the same days want the same credit.
      if (people.chance(SAME_DAYS.has(priceId) ? 0.8 : 0.2))
        await people.subscribe(person, { priceId: OTHER_PRICE, card, stop: "end" });
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
  for (const kind of ["sharing", "sharing", "soon"] as const) {
    const lucky = people.chance(0.7) ? await personWith(drive, kind, seoulInstant(day, 24)) : null;
    if (lucky) await people.gift(lucky);
  }
  if (people.chance(0.3)) await falsifyExpectation(drive);
  const business = customersOf(drive);
  await moveTo(world, seoulInstant(day, 9, 40));
  const rivals = sweepAtOnce(drive);
  await Promise.all([inBatches(business.splice(0, 3), 2, (act) => act()), world.rest(PATIENCE_MS)]);

  await moveTo(world, seoulInstant(day, 10, Math.floor(random() * 3)));
  if (random() < 0.5) await world.requestSweep();
  rivals.push(...sweepAtOnce(drive));
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

/** What is expected of a contract is written wrong, as a bad migration would; whoever charges it must see that. */
async function falsifyExpectation({ world, random, falsified }: Drive): Promise<void> {
  const [victim] = await world.sql<{ id: string }[]>`
    select id from subscriptions where status = 'active' and expects = 'charge' and next_action_at is not null
    order by next_action_at, md5(id || ${String(random())}) limit 1`;
  if (!victim) return;
  falsified.add(victim.id);
  await world.sql`
    update subscriptions set expected_won = expected_won + 1 where id = ${victim.id} and expects = 'charge'`;
}

/**
 * While an attempt at their money is open, one customer leaves, another changes the card, and a third is given credit,
 * as is one whose contract falls due.
 */
async function changeMinds(drive: Drive): Promise<void> {
  const { people } = drive;
  const leaver = people.chance(0.3)
    ? await personWith(drive, people.pick(["charging", "reserving"] as const))
    : null;
  if (leaver) await people.cancel(leaver);
  const changer = people.chance(0.3) ? await personWith(drive, "charging") : null;
  if (changer) await people.replaceCard(changer, people.pick(CARDS), "end");
  const lucky = people.chance(0.3)
    ? await personWith(drive, people.pick(["charging", "soon"] as const))
    : null;
  if (lucky) await people.gift(lucky);
}

/** Several sweeps at once, beside the job engine's own: two that take much, or four that take contract by contract. */
function sweepAtOnce({ world, people }: Drive): Promise<unknown>[] {
  const size = people.pick([1, 20] as const);
  const sweeps = Array.from({ length: size === 1 ? 4 : 2 }, () => world.act("sweep", { size }));
  return sweeps.map((sweep) => sweep.catch(() => undefined));
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
    if (people.chance(0.3))
      await people.subscribe(person, { priceId: OTHER_PRICE, card: people.pick(CARDS), stop });
  };
  const returns = (person: Person) =>
    people.subscribe(person, {
      priceId: people.pick(PRICES),
      card: people.pick(CARDS),
      stop: "end",
    });
  const kinds: readonly (() => Promise<void>)[] = [
    ...[newcomer, newcomer, newcomer],
    ...[() => people.webhook(), () => people.webhook()],
    ...[() => people.refund(), () => people.refund(), () => people.refundAtToss()],
    () => people.buyOnce(people.pick(people.all), people.pick(CARDS)),
    withOne("active", (person) => people.cancel(person)),
    withOne("canceling", (person) => people.undoCancel(person)),
    withOne("past-due", (person) => people.cancel(person)),
    withOne("reserving", (person) => people.cancel(person)),
    withOne("trialing", (person) => people.cancel(person)),
    ...[1, 2, 3, 4].map(() => withOne("trialing", (person) => people.consent(person))),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map(() =>
      withOne("owing", (person) =>
        people.replaceCard(person, people.pick(CARDS), people.chance(0.8) ? "end" : "returned"),
      ),
    ),
    ...Array.from({ length: 12 }, () => withOne("owing", (person) => people.payOverdue(person))),
    withOne("active", (person) => people.replaceCard(person, people.pick(CARDS), "end")),
    withOne("incomplete", returns),
    ...[1, 2, 3, 4].map(() => withOne("gone", returns)),
  ];
  const count = Math.round(drive.customersPerDay * (0.5 + random()));
  return Array.from({ length: count }, () => people.pick(kinds));
}

/** Somebody of that kind; who is "soon" or "sharing" falls due by `dueBy`. */
async function personWith(
  { world, random }: Drive,
  status: string,
  dueBy = new Date(world.now().getTime() + 24 * 60 * MINUTE_MS),
): Promise<Person | null> {
  const { sql } = world;
  const openCharge = sql`(
    select from invoices i join charges g on g.invoice_id = i.id
    where i.subscription_id = s.id and g.status in ('pending', 'unknown'))`;
  const special: Readonly<Record<string, typeof openCharge>> = {
    canceling: sql`s.cancels_on is not null and s.status <> 'ended'`,
    owing: sql`s.status = 'past-due' and not exists ${openCharge}`,
    charging: sql`s.status in ('active', 'past-due') and exists ${openCharge}`,
    reserving: sql`s.status in ('active', 'past-due') and exists (
      select from invoices i where i.subscription_id = s.id and i.status = 'open' and i.credit_used_granted_won > 0)`,
    soon: sql`s.status in ('active', 'past-due') and s.next_action_at < ${dueBy}`,
    sharing: sql`s.status in ('active', 'past-due') and s.next_action_at < ${dueBy}
      and exists (select from subscriptions o where o.account_id = s.account_id and o.id <> s.id
        and o.next_action_at::date = s.next_action_at::date)`,
    gone: sql`s.status = 'ended' and s.end_reason <> 'expired' and not exists (
      select from subscriptions o where o.account_id = s.account_id and o.status <> 'ended')`,
  };
  const wanted = special[status] ?? sql`s.status = ${status}`;
  const [row] = await sql<{ userId: string; accountId: string; customerKey: string }[]>`
    select m.user_id as "userId", c.id as "accountId", c.customer_key as "customerKey"
    from subscriptions s join accounts c on c.id = s.account_id
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

/** Half an hour of missed crons, each of them fired. */
async function burst(world: ProveWorld): Promise<void> {
  await world.jobs.setCronCatchUp("burst").catch(() => undefined);
  await moveTo(world, new Date(world.now().getTime() + 20 * MINUTE_MS));
  await world.rest(3 * PATIENCE_MS);
  await world.jobs.setCronCatchUp("once").catch(() => undefined);
}

/** The operator, each morning: has read the alarm and lets charging go on, and has looked at what waits. */
export async function releaseStops(world: ProveWorld): Promise<void> {
  const { sql } = world;
  await sql`
    update charging_stops set released_at = now(), released_by = 'operator'
    where released_at is null`;
  const waiting = await sql<{ id: string }[]>`
    select id from renewal_findings where resolved_at is null order by id`;
  for (const { id: findingId } of waiting)
    await world.act("resolveFinding", { findingId }).catch(() => undefined);
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
