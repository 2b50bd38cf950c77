import { and, asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { listOffers } from "@/db/catalogue";
import { db, transaction } from "@/db/client";
import { plans, prices } from "@/db/schema/catalogue";
import { won } from "@/lib/testing/billing";
import { emptyDatabase } from "@/lib/testing/empty-database";
import { CATALOGUE, type Offer } from "./catalogue";
import { syncCatalogue } from "./sync-catalogue";

const words = { name: { ko: "새 요금제", en: "New" }, description: { ko: "", en: "" } };

/** What is on sale at the beginning. */
let plan: Offer;
beforeEach(async () => {
  await emptyDatabase();
  const offer = {
    kind: "subscription",
    product: "workspace",
    features: [],
    entitlements: {},
  } as const;
  plan = {
    ...offer,
    ...words,
    id: "plan",
    prices: { month: { amountWon: 9_900 }, year: { amountWon: 99_000 } },
  };
  await seed(plan);
});

const seed = (...offers: readonly Offer[]) =>
  transaction((tx) => syncCatalogue(tx, { offers, minimumWon: won(100) }));

const pricesOf = ({ id }: Offer) =>
  db()
    .select({ id: prices.id, amountWon: prices.amountWon, active: prices.active })
    .from(prices)
    .where(eq(prices.planId, id))
    .orderBy(asc(prices.id));

const everything = async () => [
  await db().select().from(plans).orderBy(asc(plans.id)),
  await db().select().from(prices).orderBy(asc(prices.id)),
];

test("a first seeding puts every price on sale in version 1", async () => {
  await seed(...CATALOGUE);
  const offers = await listOffers();
  expect(offers.map((offer) => [offer.id, offer.prices.map((price) => price.id)])).toEqual([
    ["basic", ["basic-month-v1", "basic-quarter-v1", "basic-year-v1"]],
    ["premium", ["premium-month-v1", "premium-quarter-v1", "premium-year-v1"]],
    ["enterprise", ["enterprise-month-v1", "enterprise-quarter-v1", "enterprise-year-v1"]],
    ["onboarding", ["onboarding-once-v1"]],
  ]);
});

test("seeding again changes nothing", async () => {
  await seed(...CATALOGUE, plan);
  const before = await everything();
  await seed(...CATALOGUE, plan);
  expect(await everything()).toEqual(before);
});

describe("another amount", () => {
  test("retires the price and puts its successor in its place", async () => {
    await seed({ ...plan, prices: { ...plan.prices, month: { amountWon: 10_900 } } });
    expect(await pricesOf(plan)).toEqual([
      { id: `${plan.id}-month-v1`, amountWon: 9_900, active: false },
      { id: `${plan.id}-month-v2`, amountWon: 10_900, active: true },
      { id: `${plan.id}-year-v1`, amountWon: 99_000, active: true },
    ]);
  });

  test("and back again is a third version, since no price returns", async () => {
    await seed({ ...plan, prices: { month: { amountWon: 10_900 } } });
    await seed(plan);
    expect(await pricesOf(plan)).toMatchObject([
      { id: `${plan.id}-month-v1`, active: false },
      { id: `${plan.id}-month-v2`, active: false },
      { id: `${plan.id}-month-v3`, amountWon: 9_900, active: true },
      { id: `${plan.id}-year-v1`, active: false },
      { id: `${plan.id}-year-v2`, amountWon: 99_000, active: true },
    ]);
  });

  test("of free days is another price too", async () => {
    await seed({ ...plan, prices: { month: { amountWon: 9_900, trialDays: 14 } } });
    const [current] = await db()
      .select()
      .from(prices)
      .where(and(eq(prices.planId, plan.id), eq(prices.active, true)));
    expect(current).toMatchObject({ version: 2, amountWon: 9_900, trialDays: 14 });
  });

  test("in words only is the same price", async () => {
    await seed({ ...plan, name: { ko: "다른 이름", en: "Other" } });
    expect(await pricesOf(plan)).toHaveLength(2);
    expect((await listOffers()).map((offer) => offer.name.ko)).toContain("다른 이름");
  });
});

describe("what is no longer offered", () => {
  test("a price is switched off, the others stay", async () => {
    await seed({ ...plan, prices: { month: { amountWon: 9_900 } } });
    expect(await pricesOf(plan)).toMatchObject([{ active: true }, { active: false }]);
  });

  test("a plan is switched off with its prices, and nothing of it is deleted", async () => {
    await seed(...CATALOGUE);
    expect(await pricesOf(plan)).toMatchObject([{ active: false }, { active: false }]);
    const [row] = await db().select().from(plans).where(eq(plans.id, plan.id));
    expect(row).toMatchObject({ active: false });
    expect((await listOffers()).map((offer) => offer.id)).not.toContain(plan.id);
  });

  test("a plan that comes back is on sale again", async () => {
    await seed(...CATALOGUE);
    await seed(plan);
    const offers = await listOffers();
    expect(offers.map((offer) => offer.id)).toEqual([plan.id]);
    expect(offers[0]?.prices.map((price) => price.amountWon)).toEqual([9_900, 99_000]);
  });

  test("all of it, when nothing is offered", async () => {
    await seed();
    expect(await listOffers()).toEqual([]);
  });
});

test.each([99, 0, -9_900, 9_900.5, Number.NaN])(
  "%d won cannot be sold, and then nothing at all is changed",
  async (amountWon) => {
    const before = await everything();
    const changed = { ...plan, id: `${plan.id}-b`, prices: { month: { amountWon: 500 } } };
    const broken = { ...plan, prices: { ...plan.prices, month: { amountWon } } };
    await expect(seed(changed, broken)).rejects.toThrow(RangeError);
    expect(await everything()).toEqual(before);
  },
);
