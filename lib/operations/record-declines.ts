import { countDeclines } from "@/db/charges";
import { renewOrderId } from "@/db/checkouts";
import type { Tx } from "@/db/client";
import { scheduleKeyDeletion } from "@/db/payment-methods";
import { saveSubscriptions } from "@/db/subscriptions";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import type { Notice } from "@/lib/billing/message";
import {
  afterDecline,
  nextActionAfter,
  nextActionAt,
  type Subscription,
} from "@/lib/billing/subscription";
import type { Deps } from "@/lib/deps";
import { type BookedNotice, bookNotices } from "./book-notices";
import { closeUnpaidInvoices } from "./invoices";
import { isExtraTry, type RecordedCharge, withOutcome } from "./recorded-charge";

type Declined = ReturnType<typeof withOutcome<"declined">>[number];
type Change = Pick<Declined, "charge" | "invoice" | "outcome" | "userId"> & {
  readonly after: Subscription;
};

/** What declined charges bring about: the next try or the end, and a message that says which. */
export async function recordDeclines(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  recorded: readonly RecordedCharge[],
  now: Date,
): Promise<void> {
  const declined = withOutcome(recorded, "declined");
  if (declined.length === 0) return;
  await dropExtraTries(tx, declined, now);
  const changes = await moveSubscriptions(deps, tx, declined, now);
  for (const { invoice } of declined) {
    if (!invoice.subscriptionId && invoice.checkoutId)
      await renewOrderId(tx, invoice.checkoutId, deps.newId("order"));
  }
  await bookNotices(deps, tx, changes.flatMap(noticeOf), now);
}

/**
 * A card tried on the customer's own click changes no schedule: the booked tries stand. One that was registered to
 * replace another and could not pay is not kept.
 */
async function dropExtraTries(tx: Tx, declined: readonly Declined[], now: Date): Promise<void> {
  const tries = declined.flatMap(({ charge, subscription }) =>
    subscription && isExtraTry(charge, subscription) ? [{ charge, subscription }] : [],
  );
  await saveSubscriptions(
    tx,
    tries.map(({ subscription }) => ({ subscription, nextActionAt: nextActionAt(subscription) })),
    now,
  );
  await scheduleKeyDeletion(
    tx,
    tries.map(({ charge, subscription }) =>
      charge.paymentMethodId === subscription.paymentMethodId ? null : charge.paymentMethodId,
    ),
    now,
  );
}

async function moveSubscriptions(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  declined: readonly Declined[],
  now: Date,
): Promise<readonly Change[]> {
  const today = seoulDayOf(now);
  const repeats = await countDeclines(
    tx,
    declined.map((row) => row.invoice.id),
  );
  const changes = declined.flatMap((row) => {
    const { invoice, charge, outcome } = row;
    const seen = repeats.get(`${invoice.id} ${charge.paymentMethodId} ${outcome.code}`);
    return changeOf(row, seen ?? 1, today);
  });
  await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({
      subscription: after,
      nextActionAt: nextActionAfter(after, today),
    })),
    now,
  );
  const ended = changes.filter((change) => change.after.status === "ended");
  await closeUnpaidInvoices(
    deps,
    tx,
    ended.map((change) => change.invoice.id),
    "uncollectible",
    now,
  );
  await scheduleKeyDeletion(
    tx,
    ended.flatMap(({ after, charge }) => [after.paymentMethodId, charge.paymentMethodId]),
    now,
  );
  return changes;
}

function changeOf(
  { charge, invoice, outcome, subscription, userId }: Declined,
  sameCodeInARow: number,
  today: CalendarDate,
): Change[] {
  if (!subscription || subscription.status === "ended" || isExtraTry(charge, subscription))
    return [];
  const { code, declineClass } = outcome;
  const isReplaced = charge.paymentMethodId !== subscription.paymentMethodId;
  return [
    {
      charge,
      invoice,
      outcome,
      userId,
      after: afterDecline(subscription, { code, declineClass, sameCodeInARow, isReplaced }, today),
    },
  ];
}

function noticeOf({ after, invoice, outcome, userId }: Change): BookedNotice[] {
  const about = (notice: Notice) => [
    {
      userId,
      about: `${invoice.id}:${outcome.code}:${after.status === "past-due" ? after.nextTryOn : ""}`,
      notice,
    },
  ];
  if (after.status === "ended") {
    return about({ kind: "ended", planName: invoice.title, reason: after.endReason });
  }
  if (after.status !== "past-due" || outcome.declineClass === "config") return [];
  return about({
    kind: "payment-failed",
    title: invoice.title,
    amountWon: invoice.totalWon,
    code: outcome.code,
    nextTryOn: after.nextTryOn,
    endsOn: after.endsUnpaidOn,
  });
}
