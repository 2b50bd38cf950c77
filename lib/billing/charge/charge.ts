/**
 * One attempt to collect an invoice: `pending → approved | declined | unknown`, `unknown → approved | declined`.
 *
 * A lost answer is `unknown`, never a failure: the money may have moved. Only a definite decline ends an attempt and
 * lets the next one begin, with an order id and an idempotency key of its own.
 */
import { addDays, seoulDayOf, seoulInstant, seoulMinuteOf } from "@/lib/billing/calendar";
import { splitVat, type Won } from "@/lib/billing/money";
import { BLACKOUT } from "@/lib/billing/policy";
import type { RefundStatus } from "@/lib/billing/refund/refund";
import type { Decline } from "./decline";

export const CHARGE_STATUSES = ["pending", "approved", "declined", "unknown"] as const;
export type ChargeStatus = (typeof CHARGE_STATUSES)[number];

/** While a charge or a refund has one of these, its money may still move. */
export const OPEN_STATUSES = ["pending", "unknown"] as const;
type OpenStatus = (typeof OPEN_STATUSES)[number];

/**
 * What a definite decline asks for: `soft` try again on another day, `hard` the customer must act,
 * `config` the operator must act and no customer is at fault.
 */
export const DECLINE_CLASSES = ["soft", "hard", "config"] as const;
export type DeclineClass = (typeof DECLINE_CLASSES)[number];

export type Approval = {
  readonly paymentKey: string;
  readonly amountWon: Won;
  readonly suppliedWon: Won;
  readonly vatWon: Won;
  readonly approvedAt: Date;
  readonly receiptUrl: string | null;
};

/** An outcome that can be booked. */
export type BookedOutcome =
  | ({ readonly kind: "approved" } & Approval)
  | Exclude<ChargeOutcome, { readonly kind: "approved" }>;

export type ChargeOutcome =
  | (Omit<Approval, "suppliedWon" | "vatWon"> & {
      readonly kind: "approved";
      /** Null from a provider that does not tell the VAT, as the other part is. */
      readonly suppliedWon: Won | null;
      readonly vatWon: Won | null;
    })
  | (Decline & {
      readonly kind: "declined";
      readonly declineClass: DeclineClass;
      /** What the provider took, and gave back in full. */
      readonly takenWon?: Won;
    })
  | {
      readonly kind: "unknown";
      readonly reason: string;
      /** The answer is stored under the idempotency key and would only be heard again. */
      readonly keySpent: boolean;
      /** Money moved, but not the money that was asked for: a person must look. */
      readonly review?: true;
      /** What Toss took for this order instead. */
      readonly takenWon?: Won;
    };

/** An approval without the VAT gets the split that the customer was shown before the payment. */
export function withVat(outcome: ChargeOutcome): BookedOutcome {
  if (outcome.kind !== "approved") return outcome;
  const { suppliedWon, vatWon, ...rest } = outcome;
  return suppliedWon === null || vatWon === null
    ? { ...rest, ...splitVat(outcome.amountWon) }
    : { ...rest, suppliedWon, vatWon };
}

/** What is known after asking Toss about an order it may or may not have executed. */
export type SettlementAnswer =
  | ChargeOutcome
  | { readonly kind: "not-found" }
  | { readonly kind: "in-progress" };

/** The answer of a charge must arrive within this time; a charge may take 60 s at Toss. */
export const CHARGE_TIMEOUT_MS = 65_000;

/** A worker owns a charge this long: the call, the query that may follow, and room to spare. */
export const CHARGE_LEASE_MS = 150_000;

/** Toss may still be working on a charge this long after it was sent; until then "not found" proves nothing. */
export const SETTLE_AFTER_MS = 120_000;

/** Toss keeps an idempotency key 15 days; past 14 an attempt is settled by query alone, never by a repeat. */
export const REPEATABLE_MS = 14 * 24 * 60 * 60 * 1000;

/** After so many repeats without an outcome a person is told; what was begun is repeated more and more rarely. */
export const MAX_REPEATS = 3;

/** What was sent and whose outcome is still open after this time is shown to a person, too. */
const REVIEW_AFTER_MS = 24 * 60 * 60_000;

/** Our own code: Toss took money for this attempt and gave all of it back. It is tried again as after any decline. */
const CANCELED_AT_TOSS = "CANCELED_AT_TOSS";

/** Outcome of an attempt whose money was given back whole. */
export const givenBack = {
  kind: "declined",
  code: CANCELED_AT_TOSS,
  reason: "given-back",
  declineClass: "soft",
} as const satisfies ChargeOutcome;

/** Our own code: an attempt of which Toss has no record was closed. Nobody refused it, and nobody is at fault. */
const NOT_EXECUTED = "NOT_EXECUTED";

/** Outcome of an attempt that Toss has no record of: not a decline of the customer's, so no try is used up. */
export const notExecuted: ChargeOutcome = {
  kind: "declined",
  code: NOT_EXECUTED,
  reason: "not-executed",
  declineClass: "config",
};

/**
 * What to do about an attempt whose outcome is open, once Toss has been asked by order id.
 * `repeat` sends the same request once more; `repeat-with-fresh-key` the same order id under a new idempotency key,
 * because a stored error is replayed for ever under the old one; the order id still stops a second payment.
 * Source: Toss reference, idempotency keys; an order that is not found within two minutes may still be executed.
 */
export type SettlementStep = "record" | "wait" | "repeat" | "repeat-with-fresh-key" | "review";

/** The provider still works on the first request with this idempotency key. */
export const STILL_RUNNING = "still-running";

/** Reasons of an unknown outcome under whose key another answer may still come. */
const LOST_ANSWERS: ReadonlySet<string> = new Set(["timeout", "connection-lost", STILL_RUNNING]);

export function nextSettlementStep(
  answer: SettlementAnswer,
  attempt: {
    calledAt: Date | null;
    createdAt: Date;
    repeats: number;
    keySpent: boolean;
    unknownReason: string | null;
    /** Whether the provider executes a key once and answers it again. */
    idempotentReplay: boolean;
  },
  now: Date,
): SettlementStep {
  if (answer.kind === "approved" || answer.kind === "declined") return "record";
  if (answer.kind === "unknown") return answer.review ? "review" : "wait";
  if (attempt.calledAt === null) return "repeat";
  if (now.getTime() - attempt.calledAt.getTime() < SETTLE_AFTER_MS) return "wait";
  if (now.getTime() - attempt.createdAt.getTime() > REPEATABLE_MS) return "review";
  // Nothing is stored under a key: the order id alone stops a second payment.
  if (!attempt.idempotentReplay) return "repeat";
  // A stored error comes back for ever under the same key; what never answered may still answer under it.
  const isReplayed = attempt.repeats > 0 && !LOST_ANSWERS.has(attempt.unknownReason ?? "");
  return attempt.keySpent || isReplayed ? "repeat-with-fresh-key" : "repeat";
}

/** Whether the outcome of a charge, or of a refund, is not known yet. Nothing is open where there is no attempt. */
export function isOpen<T extends { readonly status: ChargeStatus | RefundStatus }>(
  attempt: T | null | undefined,
): attempt is T & { readonly status: OpenStatus } {
  return attempt?.status === "pending" || attempt?.status === "unknown";
}

/** Whether an open charge, or refund, has left for Toss: only what Toss answers can end it. */
export function isUnderWay(
  attempt:
    | { readonly status: ChargeStatus | RefundStatus; readonly calledAt: Date | null }
    | null
    | undefined,
): boolean {
  return isOpen(attempt) && attempt.calledAt !== null;
}

/** Whether a person must know of an attempt, or a refund, that is open; by itself it goes on all the same. */
export function isForReview(
  attempt: { calledAt: Date | null; createdAt: Date; repeats: number },
  now: Date,
): boolean {
  if (attempt.calledAt === null) return false;
  return (
    attempt.repeats >= MAX_REPEATS || now.getTime() - attempt.createdAt.getTime() > REVIEW_AFTER_MS
  );
}

/** When to ask again after so many tries: 2, 4, 8 … minutes from `now`, at most 6 hours. */
export function settleAgainAt(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(SETTLE_AFTER_MS * 2 ** tries, 6 * 60 * 60 * 1000));
}

/** Whether an automatic call to a card must wait for the morning. */
export function isBlackout(instant: Date): boolean {
  const minute = seoulMinuteOf(instant);
  return minute >= BLACKOUT.fromMinute || minute < BLACKOUT.toMinute;
}

/** The end of the blackout that `instant` lies in. */
export function blackoutEndsAt(instant: Date): Date {
  const day = seoulDayOf(instant);
  const isEvening = seoulMinuteOf(instant) >= BLACKOUT.fromMinute;
  return seoulInstant(isEvening ? addDays(day, 1) : day, 0, BLACKOUT.toMinute);
}
