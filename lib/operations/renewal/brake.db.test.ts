/** The brake: a day that jumps beyond what yesterday predicted is not charged until a person has looked. */

import { asc, between, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { listStops } from "@/db/charging-stop";
import { db, transaction } from "@/db/client";
import { findOverLoad } from "@/db/renewal-forecast";
import { chargeForecasts } from "@/db/schema/renewal";
import { subscriptions } from "@/db/schema/subscription";
import { saveSubscriptions } from "@/db/subscription";
import { addDays, type CalendarDate, nthPeriod } from "@/lib/billing/calendar";
import { collectCharges } from "@/lib/operations/charge/collect";
import { releaseStop } from "@/lib/operations/charge/release-stop";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { operator } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { listAudit } from "@/lib/testing/audit";
import { anyAnchor, anyInterval, day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { overwritePrice } from "@/lib/testing/tamper";
import { applyBrake } from "./apply-brake";
import { forecastCharges } from "./forecast";
import { sweepRenewals } from "./sweep";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

/**
 * Something went wrong overnight: the price of a contract is a thousand times what it was, and everything that was
 * saved with it says so.
 */
async function spoil(person: Person, amountWon: number) {
  const { id } = await story.subscriptionOf(person);
  await overwritePrice(id, won(amountWon));
  await db()
    .update(subscriptions)
    .set({ agreedWon: won(amountWon), expectedWon: won(amountWon) })
    .where(eq(subscriptions.id, id));
}

/** A run of the sweep, as the job does it, and all else that is due. */
async function sweep(deps: Deps = story.deps) {
  const { batches } = await sweepRenewals(deps, { size: 100, batches: 5, goesOnTo: null });
  for (const chargeIds of batches) await collectCharges(deps, chargeIds);
  await story.work();
}

test("the night before, what the next days bring is written down", async () => {
  const [monthly, leaving, free] = [
    await story.person(),
    await story.person(),
    await story.person(),
  ];
  for (const person of [monthly, leaving]) await story.subscribe(person, "basic-month-v1");
  const { id: subscriptionId } = await story.subscriptionOf(leaving);
  await cancelSubscription(story.deps, { ...leaving, subscriptionId });
  story.at("2027-02-07", 23);
  await story.subscribe(free, "basic-month-v1");
  expect(await forecastCharges(story.deps)).toBe(7);
  const forecasts = await listForecasts(day("2027-02-08"), day("2027-02-14"));
  expect(forecasts.map(({ day: on, count, amountWon }) => [on, count, amountWon])).toEqual([
    ["2027-02-08", 0, 0],
    ["2027-02-09", 0, 0],
    ["2027-02-10", 1, 9_900],
    ["2027-02-11", 1, 9_900],
    ["2027-02-12", 1, 9_900],
    ["2027-02-13", 1, 9_900],
    ["2027-02-14", 1, 9_900],
  ]);
});

test("a jump stops the sweep; released, the same day goes on, and the operator's name stands in the trail", async () => {
  story.at("2027-03-01");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-03-31", 23);
  await forecastCharges(story.deps);
  await spoil(person, 12_000_000);
  story.at("2027-04-01");
  await sweep();
  story.minutesLater(10);
  await sweep();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  const [stop] = await listStops(10);
  expect(stop).toMatchObject({ kind: "brake", releasedAt: null });
  expect(stop?.reason).toBe("due today 1 (₩12,000,000), predicted 1 (₩9,900)");

  const order = { stopId: stop?.id ?? "", actor: operator("usr_operator"), note: "새 요금제 확인" };
  expect(await releaseStop(story.deps, order)).toEqual({ ok: true, value: null });
  expect(await releaseStop(story.deps, order)).toMatchObject({
    refusal: { code: "already-released" },
  });
  expect(await releaseStop(story.deps, { ...order, stopId: "stp_unknown" })).toMatchObject({
    refusal: { code: "unknown-stop" },
  });
  story.minutesLater(6);
  await sweep();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  const trail = await listAudit(story.now(), 100);
  expect(trail.length).toBeGreaterThan(0);
  const [released] = (await listAudit(new Date(0), 1_000)).filter(
    (entry) => entry.action === "charging.released",
  );
  expect(released).toMatchObject({ actor: "usr_operator", details: { note: "새 요금제 확인" } });
});

test("days as predicted, small jumps, and small days without a forecast are charged as ever", async () => {
  story.at("2027-06-01");
  const [usual, small] = [await story.person(), await story.person()];
  for (const person of [usual, small]) await story.subscribe(person, "basic-month-v1");
  await spoil(usual, 12_000_000);
  story.at("2027-06-30", 23);
  await forecastCharges(story.deps);
  await spoil(small, 99_000);
  story.at("2027-07-01");
  await sweep();
  expect(await story.paidAtToss(usual)).toHaveLength(2);
  expect(await story.paidAtToss(small)).toHaveLength(2);

  story.at("2027-08-01");
  expect(await listForecasts(day("2027-08-01"), day("2027-08-01"))).toEqual([]);
  await spoil(usual, 9_900_000);
  await sweep();
  expect(await story.paidAtToss(usual)).toHaveLength(3);
});

test("a large day without a forecast waits for an operator, unless the installation is new", async () => {
  story.at("2027-11-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await spoil(person, 12_000_000);
  // Its first day: no evening came yet on which anything could have been predicted.
  story.at("2027-12-10");
  await sweep();
  expect(await story.paidAtToss(person)).toHaveLength(2);

  story.at("2027-12-10", 23);
  await forecastCharges(story.deps);
  // The jobs stand still for longer than a week.
  story.at("2028-01-10");
  await sweep();
  story.at("2028-01-10", 18);
  await sweep();
  expect(await story.paidAtToss(person)).toHaveLength(2);
  const [stop] = await listStops(10);
  expect(stop).toMatchObject({
    kind: "brake",
    reason: "due today 1 (₩12,000,000), no forecast",
    releasedAt: null,
  });
});

test("what was due before an installation's first day waits as well", async () => {
  story.at("2027-02-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  await spoil(person, 12_000_000);
  story.at("2027-03-12");
  await sweep();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect((await listStops(10))[0]?.reason).toBe("due today 1 (₩12,000,000), no forecast");
});

test("after a standstill of two months nobody pays twice in two days before an operator has seen how many and how much", async () => {
  story.at("2027-01-10");
  const people = await Promise.all(Array.from({ length: 11 }, () => story.person()));
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  const paid = async () =>
    (await Promise.all(people.map((person) => story.paidAtToss(person)))).map((one) => one.length);
  const each = (times: number) => people.map(() => times);

  for (const on of ["2027-03-15", "2027-03-16", "2027-03-17"]) {
    for (const hour of [10, 18]) {
      story.at(on, hour);
      await sweep();
    }
    story.at(on, 23);
    await forecastCharges(story.deps);
  }
  expect(await paid()).toEqual(each(1));
  const [stop] = await listStops(10);
  expect(stop?.reason).toBe(
    "due today 11 (₩108,900), no forecast, for periods already over 11 (₩108,900)",
  );

  story.at("2027-03-17", 23, 10);
  const order = {
    stopId: stop?.id ?? "",
    actor: operator("usr_operator"),
    note: "고객에게 알렸어요",
  };
  expect(await releaseStop(story.deps, order)).toMatchObject({ ok: true });
  // One period a day, oldest first; the second is not over, and none needs another word.
  for (const [on, times] of [
    ["2027-03-18", 2],
    ["2027-03-19", 3],
    ["2027-03-20", 3],
  ] as const) {
    for (const hour of [10, 18]) {
      story.at(on, hour);
      await sweep();
    }
    expect(await paid()).toEqual(each(times));
    story.at(on, 23);
    await forecastCharges(story.deps);
  }
  expect((await listStops(10)).filter((one) => one.releasedAt === null)).toEqual([]);
});

test("a period that is over is known by the same calendar as the one that is charged", async () => {
  story.at("2027-01-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const born = await story.subscriptionOf(person);
  await fc.assert(
    fc.asyncProperty(anyAnchor, anyInterval, fc.nat(60), async (anchorOn, interval, n) => {
      const { startsOn: paidTo, endsOn } = nthPeriod(anchorOn, interval, n);
      const terms = { ...born.terms, anchorOn, interval };
      await transaction((tx) =>
        saveSubscriptions(tx, [{ subscription: { ...born, terms, n, paidTo } }], story.now()),
      );
      await db()
        .update(subscriptions)
        .set({ nextActionAt: new Date(0) })
        .where(eq(subscriptions.id, born.id));
      const count = (after: CalendarDate | null, by: CalendarDate) =>
        transaction((tx) => findOverLoad(tx, story.now(), { after, by }));
      expect((await count(null, endsOn)).count).toBe(1);
      expect((await count(null, addDays(endsOn, -1))).count).toBe(0);
      expect((await count(endsOn, endsOn)).count).toBe(0);
      expect((await count(addDays(endsOn, -1), endsOn)).count).toBe(1);
    }),
  );
});

test("after a standstill of days, what piled up was predicted and is no jump", async () => {
  story.at("2027-01-01");
  const people = [await story.person(), await story.person()];
  for (const person of people) {
    await story.subscribe(person, "basic-month-v1");
    await spoil(person, 9_000_000);
    story.at("2027-01-02");
  }
  story.at("2027-01-31", 23);
  await forecastCharges(story.deps);
  story.at("2027-02-04");
  await sweep();
  for (const person of people) expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a second jump on a day already charged counts with what was charged", async () => {
  story.at("2027-01-01");
  const people = [await story.person(), await story.person()];
  for (const person of people) {
    await story.subscribe(person, "basic-month-v1");
    await spoil(person, 9_000_000);
    story.at("2027-01-20");
  }
  story.at("2027-01-31", 23);
  await forecastCharges(story.deps);
  story.at("2027-02-01");
  await sweep();
  const [first, second] = people;
  if (!first || !second) throw new Error("Nobody is there");
  expect(await story.paidAtToss(first)).toHaveLength(2);
  await spoil(second, 10_500_000);
  await db()
    .update(subscriptions)
    .set({ nextActionAt: story.now() })
    .where(eq(subscriptions.accountId, second.accountId));
  expect(await applyBrake(story.deps)).toBe(true);
});

test("jumps in portions, each of them small, are a jump", async () => {
  story.at("2027-03-01");
  const people = await Promise.all(Array.from({ length: 3 }, () => story.person()));
  for (const person of people) await story.subscribe(person, "basic-month-v1");
  await db().update(subscriptions).set({ nextActionAt: null });
  story.at("2027-03-31", 23);
  await forecastCharges(story.deps);
  story.at("2027-04-01");
  for (const person of people) {
    await spoil(person, 9_900_000);
    await db()
      .update(subscriptions)
      .set({ nextActionAt: story.now() })
      .where(eq(subscriptions.accountId, person.accountId));
    await sweep();
    story.minutesLater(5);
  }
  const paid = (await Promise.all(people.map((person) => story.paidAtToss(person)))).flat();
  expect(paid.filter((payment) => payment.totalAmount === 9_900_000)).toHaveLength(1);
  expect((await listStops(1))[0]).toMatchObject({ kind: "brake", releasedAt: null });
});

test("what falls due between the look at the brake and the charge is not charged unseen", async () => {
  story.at("2027-05-01");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-05-31", 23);
  await forecastCharges(story.deps);
  await spoil(person, 12_000_000);
  // Ten o'clock strikes while the sweep is under way.
  story.at("2027-06-01", 9, 59);
  let looks = 0;
  const clock = { now: () => new Date(story.now().getTime() + (looks++ === 0 ? 0 : 60_000)) };
  const { batches } = await sweepRenewals(
    { ...story.deps, clock },
    { size: 100, batches: 5, goesOnTo: null },
  );
  expect(batches).toEqual([]);
  story.at("2027-06-01");
  const stopped = await sweepRenewals(story.deps, { size: 100, batches: 5, goesOnTo: null });
  expect(stopped.batches).toEqual([]);
  expect((await listStops(1))[0]).toMatchObject({ kind: "brake", releasedAt: null });
});

test("what is due is counted from its index", async () => {
  const plan = await db().transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute<{ "QUERY PLAN": string }>(
      sql`explain select count(*) from subscriptions s where s.next_action_at < now()`,
    );
  });
  expect(plan.map((row) => row["QUERY PLAN"]).join()).toContain("subscriptions_due");
});

function listForecasts(from: CalendarDate, to: CalendarDate) {
  return db()
    .select()
    .from(chargeForecasts)
    .where(between(chargeForecasts.day, from, to))
    .orderBy(asc(chargeForecasts.day));
}
