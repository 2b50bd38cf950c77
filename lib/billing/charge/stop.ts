/**
 * When automatic charging must stop altogether. A fault of our own set-up would fail for everybody: it stops at once
 * and burns no customer's try. Many unknown outcomes in a row mean that Toss is down: the queue rests and tries again
 * by itself.
 */
import type { ChargeOutcome } from "./charge";
import type { DeclineReason } from "./decline";

export const STOP_KINDS = ["config-fault", "outage", "brake"] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export type Stop = {
  readonly kind: StopKind;
  readonly reason: string;
  /** When charging is tried again by itself; null until an operator releases it. */
  readonly resumesAt: Date | null;
};

const BURST = 5;

/** The code that most outcomes recorded together blame on our set-up; null when no such code came in a burst. */
function burstOfConfig(outcomes: readonly ChargeOutcome[]): string | null {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.kind === "declined" && outcome.declineClass === "config")
      counts.set(outcome.code, (counts.get(outcome.code) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && most[1] >= BURST && most[1] * 2 > outcomes.length ? most[0] : null;
}

/**
 * Classifies outcomes that are recorded together. When most say that the billing key is not known, our set-up points at
 * another merchant: they become faults of our set-up, and no customer is asked for another card.
 */
export function classifyTogether<T extends { readonly outcome: ChargeOutcome }>(
  results: readonly T[],
): readonly T[] {
  const isNotKnown = ({ outcome }: T) =>
    outcome.kind === "declined" && outcome.reason === "card-unknown";
  const count = results.filter(isNotKnown).length;
  if (count < BURST || count * 2 <= results.length) return results;
  return results.map((result) =>
    isNotKnown(result)
      ? { ...result, outcome: { ...result.outcome, declineClass: "config" } }
      : result,
  );
}

/** So many outcomes in a row that are not known are an outage. */
const OUTAGE_AFTER = 10;
const OUTAGE_REST_MS = 5 * 60_000;

/** Reasons that we give without a call: no sign that the provider answers. The first one it gives as well. */
const SAID_WITHOUT_A_CALL = new Set<DeclineReason>([
  "card-removed",
  "other-provider",
  "not-executed",
]);

/** What outcomes recorded together tell of whether Toss answers at all. */
export function tellOfToss(outcomes: readonly ChargeOutcome[]): {
  readonly unknowns: number;
  readonly isKnownAmong: boolean;
} {
  return {
    unknowns: outcomes.filter((outcome) => outcome.kind === "unknown" && !outcome.review).length,
    isKnownAmong: outcomes.some(
      (outcome) =>
        outcome.kind === "approved" ||
        (outcome.kind === "unknown" && outcome.review) ||
        (outcome.kind === "declined" && !SAID_WITHOUT_A_CALL.has(outcome.reason)),
    ),
  };
}

/** What recorded outcomes ask for; `unknownsInARow` counts to the last of them, over all processes. */
export function decideStop(
  outcomes: readonly ChargeOutcome[],
  unknownsInARow: number,
  now: Date,
): Stop | null {
  const fault = outcomes.find(isMerchantWide);
  const reason = fault?.kind === "declined" ? fault.code : burstOfConfig(outcomes);
  if (reason !== null) return { kind: "config-fault", reason, resumesAt: null };
  if (unknownsInARow < OUTAGE_AFTER) return null;
  const last = outcomes.findLast((outcome) => outcome.kind === "unknown");
  return {
    kind: "outage",
    reason: last?.kind === "unknown" ? last.reason : "unknown",
    resumesAt: new Date(now.getTime() + OUTAGE_REST_MS),
  };
}

function isMerchantWide(outcome: ChargeOutcome): boolean {
  if (outcome.kind !== "declined") return false;
  return (
    outcome.reason === "merchant-fault" ||
    (outcome.declineClass === "config" && outcome.reason === "card-unknown")
  );
}
