/**
 * When automatic charging must stop altogether. A fault of our own set-up would fail for everybody: it stops at once
 * and burns no customer's try. Many unknown outcomes in a row mean that Toss is down: the queue rests and tries again
 * by itself.
 */
import type { ChargeOutcome } from "./charge";

export const STOP_KINDS = ["config-fault", "outage", "brake"] as const;
export type StopKind = (typeof STOP_KINDS)[number];

export type Stop = {
  readonly kind: StopKind;
  readonly reason: string;
  /** When charging is tried again by itself; null until an operator releases it. */
  readonly resumesAt: Date | null;
};

/** Codes that say the merchant's keys or contract are wrong, not one customer's data. */
const MERCHANT_WIDE = new Set([
  "UNAUTHORIZED_KEY",
  "INVALID_API_KEY",
  "FORBIDDEN_REQUEST",
  "INCORRECT_BASIC_AUTH_FORMAT",
  "NOT_SUPPORTED_METHOD",
  "NOT_FOUND_TERMINAL_ID",
  "NOT_REGISTERED_BUSINESS",
  "INVALID_UNREGISTERED_SUBMALL",
  "NOT_FOUND_MERCHANT",
  "API_VERSION_UPDATE_NEEDED",
]);

/** So many outcomes in a row that are not known are an outage. */
const OUTAGE_AFTER = 10;
const OUTAGE_REST_MS = 5 * 60_000;

/** What recorded outcomes ask for; `unknownsInARow` counts to the last of them, over all processes. */
export function decideStop(
  outcomes: readonly ChargeOutcome[],
  unknownsInARow: number,
  now: Date,
): Stop | null {
  const fault = outcomes.find(
    (outcome) => outcome.kind === "declined" && MERCHANT_WIDE.has(outcome.code),
  );
  if (fault?.kind === "declined")
    return { kind: "config-fault", reason: fault.code, resumesAt: null };
  if (unknownsInARow < OUTAGE_AFTER) return null;
  const last = outcomes.findLast((outcome) => outcome.kind === "unknown");
  return {
    kind: "outage",
    reason: last?.kind === "unknown" ? last.reason : "unknown",
    resumesAt: new Date(now.getTime() + OUTAGE_REST_MS),
  };
}
