import { completeCheckouts } from "@/db/checkouts";
import type { Tx } from "@/db/client";
import { closeInvoices } from "@/db/invoices";
import { appendJournals } from "@/db/ledger";
import { scheduleKeyDeletion } from "@/db/payment-methods";
import { saveSubscriptions } from "@/db/subscriptions";
import { seoulDayOf } from "@/lib/billing/calendar";
import { chargeApproved } from "@/lib/billing/ledger";
import { afterApproval, nextActionAfter, nextPeriod } from "@/lib/billing/subscription";
import type { Deps } from "@/lib/deps";
import { type BookedNotice, bookNotices } from "./book-notices";
import { findTriesOfNewCards, type RecordedCharge, withOutcome } from "./recorded-charge";

/** What approved charges bring about: paid invoices, the next period, revenue in the ledger, a receipt. */
export async function recordApprovals(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  recorded: readonly RecordedCharge[],
  now: Date,
): Promise<void> {
  const approved = withOutcome(recorded, "approved");
  if (approved.length === 0) return;
  const today = seoulDayOf(now);
  await closeInvoices(
    tx,
    approved.map((row) => row.invoice.id),
    "paid",
    now,
  );
  await appendJournals(
    tx,
    approved.map(({ charge, invoice, outcome }) => ({
      journalId: deps.newId("journal"),
      invoiceId: invoice.id,
      chargeId: charge.id,
      postings: chargeApproved(outcome),
    })),
    now,
  );

  const ofNewCards = await findTriesOfNewCards(tx, approved);
  const changes = approved.flatMap((row) => changeOf(row, ofNewCards.has(row.charge.id)) ?? []);
  await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({
      subscription: after,
      nextActionAt: nextActionAfter(after, today),
    })),
    now,
  );
  await scheduleKeyDeletion(
    tx,
    changes.map((change) => change.replaced),
    now,
  );
  await completeCheckouts(
    tx,
    approved.flatMap(({ invoice, subscription }) => {
      const id = subscription
        ? subscription.status === "incomplete"
          ? subscription.checkoutId
          : null
        : invoice.checkoutId;
      return id ? [id] : [];
    }),
    now,
  );
  const after = new Map(changes.map((change) => [change.after.id, change.after]));
  await bookNotices(
    deps,
    tx,
    approved.map(({ charge, invoice, outcome, userId }): BookedNotice => {
      const running = after.get(invoice.subscriptionId ?? "");
      return {
        userId,
        about: charge.id,
        notice: {
          kind: "paid",
          title: invoice.title,
          amountWon: outcome.amountWon,
          receiptUrl: outcome.receiptUrl,
          nextChargeOn: running && running.cancelsOn === null ? nextPeriod(running).startsOn : null,
        },
      };
    }),
    now,
  );
}

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
  return { after, replaced: unwanted === after.paymentMethodId ? null : unwanted };
}
