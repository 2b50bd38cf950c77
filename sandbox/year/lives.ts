/** Who subscribes, and what befalls them in a year: decided by the seed before anything is done. */

import { seededRandom } from "@/packages/inngest-local/engine/time";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";

export type Life = {
  readonly priceId: string;
  /** The card they register when they join. */
  readonly card: ScenarioKey;
  /** A trial goes on only with consent. */
  readonly consents: boolean;
  readonly cancels: { readonly afterDays: number; readonly thinksBetter: boolean } | null;
  /** The card turns bad; when a payment has failed by it, they see to it after some days, or never. */
  readonly trouble: {
    readonly afterDays: number;
    readonly card: ScenarioKey;
    readonly cure: "money" | "new card" | "none";
    readonly curedAfterDays: number;
  } | null;
  /** The operator gives something back: the whole, or a part. */
  readonly refund: { readonly afterDays: number; readonly share: number } | null;
  /** The operator gives them credit: a little, some periods, or so much that a few won of a period are left. */
  readonly gifts: readonly { readonly afterDays: number; readonly amountWon: number }[];
};

/** The days of the first month on which people join, counted from 0: more at its end, where months differ in length. */
const JOIN_DAYS: readonly number[] = [
  ...Array.from({ length: 31 }, (_, day) => day),
  ...[27, 28, 28, 29, 29, 29, 30, 30, 30, 30],
];

const PRICES: readonly string[] = [
  ...Array<string>(9).fill("basic-month-v1"),
  ...Array<string>(4).fill("premium-month-v1"),
  ...Array<string>(2).fill("enterprise-month-v1"),
  ...["basic-quarter-v1", "basic-quarter-v1", "premium-quarter-v1", "enterprise-quarter-v1"],
  ...["basic-year-v1", "premium-year-v1", "enterprise-year-v1"],
];

const CARDS: readonly ScenarioKey[] = [
  ...Array<ScenarioKey>(94).fill("normal"),
  ...Array<ScenarioKey>(4).fill("declined-once"),
  ...(["executes-then-hangs-up", "error-500-executed"] as const),
];

const BAD_CARDS: readonly ScenarioKey[] = [
  ...Array<ScenarioKey>(6).fill("short-of-balance"),
  ...(["stopped-card", "lost-card", "expired-card"] as const),
];

const GIFTS_OF_A_LIFE = [...Array<number>(8).fill(0), 1, 2] as const;
const GIFTS = [1_000, 5_000, 9_850, 9_900, 28_950, 30_000, 120_000] as const;

/** The life of the `nth` customer of a seed; whoever else lives makes no difference to it. */
export function lifeOf(seed: number, nth: number): Life {
  const random = seededRandom(seed * 1_000_003 + nth);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new Error("Nothing to choose from");
    return choice;
  };
  const dayWithin = (days: number) => 3 + Math.floor(random() * days);
  const chance = (probability: number) => random() < probability;
  const card = pick(BAD_CARDS);
  return {
    priceId: pick(PRICES),
    card: pick(CARDS),
    consents: chance(0.85),
    cancels: chance(0.15) ? { afterDays: dayWithin(360), thinksBetter: chance(0.2) } : null,
    trouble: chance(0.2)
      ? {
          afterDays: dayWithin(330),
          card,
          cure: pick(
            card === "short-of-balance"
              ? (["money", "money", "new card", "none"] as const)
              : (["new card", "new card", "none"] as const),
          ),
          curedAfterDays: 1 + Math.floor(random() * 8),
        }
      : null,
    refund: chance(0.03) ? { afterDays: dayWithin(300), share: pick([1, 1, 0.5, 0.3]) } : null,
    gifts: Array.from({ length: pick(GIFTS_OF_A_LIFE) }, () => ({
      afterDays: dayWithin(340),
      amountWon: pick(GIFTS),
    })),
  };
}

/** On which day of the first month, counted from 0, each of the first `count` customers joins. */
export function joinDays(seed: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: count },
    () => JOIN_DAYS[Math.floor(random() * JOIN_DAYS.length)] ?? 0,
  );
}
