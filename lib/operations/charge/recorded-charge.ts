import { findRegistrationInstants } from "@/db/card";
import type { lockOpenCharges } from "@/db/charge";
import type { Tx } from "@/db/client";
import type { BookedOutcome } from "@/lib/billing/charge/charge";
import type { Subscription } from "@/lib/billing/subscription/subscription";

type Locked = Awaited<ReturnType<typeof lockOpenCharges>>[number];

/** An attempt held locked with what it is for, and what became of it. */
export type RecordedCharge = Locked & {
  readonly outcome: BookedOutcome;
  /** Null for what is sold once. */
  readonly subscription: Subscription | null;
};

/** Those with an outcome of one kind, with the outcome narrowed to it. */
export function withOutcome<K extends BookedOutcome["kind"]>(
  recorded: readonly RecordedCharge[],
  kind: K,
) {
  return recorded.flatMap(({ outcome, ...rest }) =>
    isOfKind(outcome, kind) ? [{ ...rest, outcome }] : [],
  );
}

function isOfKind<K extends BookedOutcome["kind"]>(
  outcome: BookedOutcome,
  kind: K,
): outcome is Extract<BookedOutcome, { kind: K }> {
  return outcome.kind === kind;
}

/** A card tried on the customer's own click while past due, beside the booked tries. */
export function isExtraTry(charge: Locked["charge"], subscription: Subscription): boolean {
  return (
    charge.trigger === "customer" &&
    subscription.status === "past-due" &&
    subscription.cancelsOn === null
  );
}

/** The ids of extra tries made with a card registered later than the one the subscription has: it is to replace it. */
export async function findTriesOfNewCards(
  tx: Tx,
  tries: readonly {
    readonly charge: Locked["charge"];
    readonly subscription: Subscription | null;
  }[],
): Promise<ReadonlySet<string>> {
  const pairs = tries.flatMap(({ charge, subscription }) => {
    const [card, other] = [charge.paymentMethodId, subscription?.paymentMethodId ?? null];
    return subscription && isExtraTry(charge, subscription) && card && other && card !== other
      ? [{ id: charge.id, card, other }]
      : [];
  });
  const at = await findRegistrationInstants(
    tx,
    pairs.flatMap(({ card, other }) => [card, other]),
  );
  const isLater = (card: string, other: string) =>
    (at.get(card)?.getTime() ?? 0) >= (at.get(other)?.getTime() ?? 0);
  return new Set(pairs.filter(({ card, other }) => isLater(card, other)).map(({ id }) => id));
}
