/**
 * Periods of which nothing is due, because credit pays them or so little is left that it is forgiven: the invoice is paid
 * without a charge, and the contract goes on.
 */

import type { Invoice } from "@/db/invoice";
import { listSubscribers, saveSubscriptions } from "@/db/subscription";
import { addDays, seoulDayOf } from "@/lib/billing/calendar";
import { creditUsedBy } from "@/lib/billing/invoice/invoice";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { afterApproval, type Subscription } from "@/lib/billing/subscription/subscription";
import { closePaidInvoices } from "@/lib/operations/invoice/open";
import type { BookedNotice } from "@/lib/operations/message/book";
import type { Work } from "@/lib/operations/work";

type Covered = {
  readonly invoice: Invoice;
  readonly subscription: Exclude<Subscription, { status: "ended" }>;
};

export async function beginWithoutCharge(work: Work, covered: readonly Covered[]): Promise<void> {
  if (covered.length === 0) return;
  const { tx, now } = work;
  await closePaidInvoices(
    work,
    covered.map(({ invoice }) => invoice),
  );
  const begun = covered.map((row) => ({ ...row, after: afterApproval(row.subscription) }));
  const notBefore = addDays(seoulDayOf(now), 1);
  const expected = await saveSubscriptions(
    tx,
    begun.map(({ after }) => ({ subscription: after, notBefore })),
    now,
  );
  const users = await listSubscribers(
    tx,
    begun.map(({ after }) => after.id),
  );
  await work.audit(
    ...begun.map(({ after, invoice }) => ({
      action: "invoice.paid-without-charge",
      subjectId: after.id,
      details: { invoiceId: invoice.id, creditWon: creditUsedBy(invoice) },
    })),
  );
  await work.notify(
    ...begun.flatMap(({ after, invoice }): BookedNotice[] => {
      const userId = users.get(after.id);
      if (userId === undefined) return [];
      const nextAt = expected.get(after.id)?.nextActionAt ?? null;
      const notice = {
        kind: "paid",
        title: invoice.title,
        amountWon: invoice.dueWon,
        creditWon: creditUsedBy(invoice),
        receiptUrl: null,
        nextChargeOn: nextChargeOn(after, nextAt, true),
        lastDay: null,
      } as const;
      return [{ userId, about: invoice.id, subscriptionId: after.id, notice }];
    }),
  );
}
