/**
 * Periods and what is due of them. Dates are worked out anew with Temporal, from the first paid day of each contract, so
 * that the product's own calendar is judged and not trusted.
 */
import type { Books, Finding } from "./books";
import { groupBy, periodEdge, seoulDay } from "./sums";

/** Periods tile from the first paid day, each edge counted from that day. */
export function checkCalendar({ subscriptions, invoices, consents }: Books): Finding[] {
  const findings: Finding[] = [];
  const ofSubscription = groupBy(
    invoices.filter((invoice) => invoice.status !== "void"),
    (invoice) => invoice.subscription_id ?? "",
  );
  for (const subscription of subscriptions) {
    const fault = (text: string) =>
      findings.push({ kind: "calendar", subject: subscription.account_id, text });
    const periods = ofSubscription.get(subscription.id) ?? [];
    const anchor = periods[0]?.period_starts_on ?? subscription.anchor_on;
    periods.forEach((invoice, at) => {
      const wanted = [
        periodEdge(anchor, subscription, at),
        periodEdge(anchor, subscription, at + 1),
      ];
      const found = [invoice.period_starts_on, invoice.period_ends_on];
      if (wanted.join() !== found.join())
        fault(`period ${at} of ${subscription.id} is ${found}, and should be ${wanted}`);
    });
    const paid = periods.filter((invoice) => invoice.status === "paid").length;
    if (paid !== subscription.periods_paid)
      fault(`${subscription.id} counts ${subscription.periods_paid} paid periods, and has ${paid}`);
    if (paid > 0 && subscription.anchor_on !== anchor)
      fault(`the anchor of ${subscription.id} moved from ${anchor} to ${subscription.anchor_on}`);
    const edge = periodEdge(subscription.anchor_on, subscription, paid);
    if (subscription.paid_to !== edge)
      fault(`${subscription.id} is paid to ${edge}, and says ${subscription.paid_to}`);
    const isAgreed = consents.some(
      (consent) =>
        consent.subscription_id === subscription.id &&
        consent.changes_on === anchor &&
        (consent.voided_at === null || seoulDay(consent.voided_at) >= anchor),
    );
    if (subscription.trial_days > 0 && paid > 0 && !isAgreed)
      fault(`${subscription.id} paid after a free trial without consent`);
  }
  return findings;
}

/** Every period that has begun is paid, or is open and says why. */
export function checkDueness(books: Books): Finding[] {
  const findings: Finding[] = [];
  const invoices = groupBy(books.invoices, (invoice) => invoice.subscription_id ?? "");
  const isReviewed = new Set(
    books.charges.filter((charge) => charge.needs_review).map((charge) => charge.invoice_id),
  );
  // Today's charge hour may still be to come.
  const yesterday = seoulDay(new Date(books.now.getTime() - 86_400_000));
  for (const subscription of books.subscriptions) {
    const { account_id: subject, id, status, periods_paid: paid } = subscription;
    if (status === "ended" || status === "incomplete") continue;
    const dueOn = periodEdge(subscription.anchor_on, subscription, paid);
    if (dueOn > yesterday) continue;
    const text = `${id} (${status}) owes the period of ${dueOn}`;
    const hasReview = (invoices.get(id) ?? []).some((invoice) => isReviewed.has(invoice.id));
    if (hasReview) books.open.push({ kind: "waits for a review", subject, text });
    else if (status === "past-due") books.open.push({ kind: "past due", subject, text });
    else if (subscription.next_action_at !== null)
      books.open.push({ kind: "catching up, one period a day", subject, text });
    else findings.push({ kind: "lost", subject, text });
  }
  return findings;
}
