import { scheduleKeyDeletion } from "@/db/card";
import { markCheckoutsCompleted } from "@/db/checkout";
import { appendJournals } from "@/db/ledger";
import { saveSubscriptions } from "@/db/subscription";
import { moveBookedEnd } from "@/db/subscription-change";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { creditUsedBy } from "@/lib/billing/invoice/invoice";
import { chargeApproved } from "@/lib/billing/ledger/ledger";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { afterApproval, type Subscription } from "@/lib/billing/subscription/subscription";
import { closePaidInvoices } from "@/lib/operations/invoice/open";
import type { BookedNotice } from "@/lib/operations/message/book";
import { intendRefund } from "@/lib/operations/refund/send";
import { recordEnds } from "@/lib/operations/subscription/record-ends";
import type { Work } from "@/lib/operations/work";
import { findTriesOfNewCards, type RecordedCharge, withOutcome } from "./recorded-charge";

/** The reason of the refund, as Toss shows it beside the payment. */
const ORDER_CANCELED = "주문 취소";

/** What approved charges bring about: paid invoices, the next period, revenue in the ledger, a receipt. */
export async function recordApprovals(
  work: Work,
  recorded: readonly RecordedCharge[],
): Promise<void> {
  const { tx, now } = work;
  const approved = withOutcome(recorded, "approved");
  if (approved.length === 0) return;
  const today = seoulDayOf(now);
  await closePaidInvoices(
    work,
    approved.map((row) => row.invoice),
  );
  await appendJournals(
    tx,
    approved.map(({ charge, invoice, outcome }) => ({
      journalId: work.newId("journal"),
      invoiceId: invoice.id,
      chargeId: charge.id,
      postings: chargeApproved(outcome),
    })),
    now,
  );

  const ofNewCards = await findTriesOfNewCards(tx, approved);
  const changes = approved.flatMap((row) => changeOf(row, ofNewCards.has(row.charge.id)) ?? []);
  const expected = await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({ subscription: after, notBefore: addDays(today, 1) })),
    now,
  );
  for (const { after } of changes)
    if (after.cancelsOn !== null) await moveBookedEnd(tx, after.id, after.cancelsOn);
  await scheduleKeyDeletion(
    tx,
    changes.map((change) => change.replaced),
    now,
  );
  await recordEnds(
    work,
    changes.map((change) => change.after),
  );
  const after = new Map(changes.map((change) => [change.after.id, change.after]));
  const [canceled, kept] = partition(
    approved,
    ({ invoice }) => after.get(invoice.subscriptionId ?? "")?.status === "ended",
  );
  await markCheckoutsCompleted(
    tx,
    kept.flatMap(({ invoice, subscription }) => {
      const id = subscription
        ? subscription.status === "incomplete"
          ? subscription.checkoutId
          : null
        : invoice.checkoutId;
      return id ? [id] : [];
    }),
    now,
  );
  for (const row of canceled) await refundCanceledOrder(work, row);
  await work.notify(
    ...kept.map(({ charge, invoice, outcome, userId }): BookedNotice => {
      const running = after.get(invoice.subscriptionId ?? "");
      return {
        userId,
        about: charge.id,
        subscriptionId: invoice.subscriptionId,
        notice: {
          kind: "paid",
          title: invoice.title,
          amountWon: outcome.amountWon,
          creditWon: creditUsedBy(invoice),
          receiptUrl: outcome.receiptUrl,
          nextChargeOn: running
            ? nextChargeOn(running, expected.get(running.id)?.nextActionAt ?? null, true)
            : null,
          lastDay: running ? lastDayOf(running, today) : null,
        },
      };
    }),
  );
}

/** The last day of use of a contract whose end is booked; null where none is, or the days are over. */
function lastDayOf({ cancelsOn }: Subscription, today: CalendarDate): CalendarDate | null {
  return cancelsOn !== null && cancelsOn > today ? addDays(cancelsOn, -1) : null;
}

/** The order was cancelled while its payment was under way: all of it goes back, and the customer reads why. */
async function refundCanceledOrder(
  work: Work,
  { charge, invoice, outcome: { amountWon }, userId }: Approved,
): Promise<void> {
  const { id: chargeId } = charge;
  const order = { chargeId, amountWon, reason: ORDER_CANCELED };
  const requestId = `canceled-order:${chargeId}`;
  const intended = await intendRefund(
    work,
    // The whole payment goes back, which every provider can do.
    { ...order, requestId, partialCancel: false },
    work.now,
  );
  if (!intended.ok) throw new Error(`Charge ${chargeId}: ${intended.refusal.code}`);
  const notice = {
    kind: "order-canceled",
    title: invoice.title,
    amountWon,
    money: "returning",
  } as const;
  await work.notify({ userId, about: `${chargeId}:approved`, notice });
}

function partition<T>(rows: readonly T[], isFirst: (row: T) => boolean): [T[], T[]] {
  return [rows.filter(isFirst), rows.filter((row) => !isFirst(row))];
}

type Approved = ReturnType<typeof withOutcome<"approved">>[number];
type Change = {
  readonly after: ReturnType<typeof afterApproval>;
  /** A card that pays for nothing any more. */
  readonly replaced: string | null;
};

/** What a payment makes of its subscription; null where there is none, or it is over. */
function changeOf({ charge, subscription }: RecordedCharge, isNewCard: boolean): Change | null {
  if (!subscription || subscription.status === "ended") return null;
  const paid = afterApproval(subscription);
  // A new card that paid what was overdue takes the old one's place. A charge under way while the card was changed
  // was paid with another one, and changes nothing about that.
  const after = isNewCard ? { ...paid, paymentMethodId: charge.paymentMethodId } : paid;
  const unwanted = isNewCard ? subscription.paymentMethodId : charge.paymentMethodId;
  const isInUse = after.status !== "ended" && unwanted === after.paymentMethodId;
  return { after, replaced: isInUse ? null : unwanted };
}
