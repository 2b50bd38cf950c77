/** What each contract consists of, what is expected of it, and whether one that is over was left alone. */
import type { Books, Finding, Subscription } from "./books";
import { groupBy, periodEdge, seoulDay, seoulHour } from "./sums";

const CONSENT_DAYS = 30;
const CHARGE_HOUR = 10;
const OPEN = new Set(["pending", "unknown"]);

export function checkContracts(books: Books): Finding[] {
  const expected = expectAll(books);
  return [
    ...checkTerms(books),
    ...checkExpected(books, expected),
    ...checkForecasts(books, expected),
    ...checkSurprises(books),
    ...checkOldContracts(books),
  ];
}

/** In force is what the order page sold, and nothing else was ever written. */
function checkTerms({ subscriptions, ordered, items }: Books): Finding[] {
  const orderOf = new Map(ordered.map((order) => [order.subscription_id, order]));
  const itemsOf = groupBy(items, (item) => item.subscription_id);
  return subscriptions.flatMap((subscription): Finding[] => {
    const { id, account_id: subject, terms_seq: seq } = subscription;
    const order = orderOf.get(id);
    const sold = `${seq}: 1 plan ${order?.plan_id} (${order?.price_id}) at ${order?.amount_won} by the ${order?.interval}`;
    const found = (itemsOf.get(id) ?? []).map(
      (item) =>
        `${item.seq}: ${item.quantity} ${item.kind} ${item.key} (${item.price_id}) at ${item.unit_won} by the ${item.interval}`,
    );
    if (found.join() === sold) return [];
    const text = `the terms of ${id} are ${found.join(" and ")}; ordered was ${sold}`;
    return [{ kind: "terms", subject, text }];
  });
}

type Expected = {
  readonly expects: string | null;
  readonly won: number;
  readonly paysTo: string | null;
};

const NOTHING: Expected = { expects: null, won: 0, paysTo: null };
const END: Expected = { ...NOTHING, expects: "end" };

/** What is to become of each contract next, from what was ordered, what was paid and what was agreed to. */
function expectAll(books: Books): ReadonlyMap<string, Expected> {
  const priceOf = new Map(books.ordered.map((one) => [one.subscription_id, one.amount_won]));
  const invoicesOf = groupBy(books.invoices, (invoice) => invoice.subscription_id ?? "");
  const consentsOf = groupBy(books.consents, (consent) => consent.subscription_id);
  const atToss = new Set(
    books.charges.filter((one) => OPEN.has(one.status)).map((one) => one.invoice_id),
  );
  return new Map(
    books.subscriptions.map((subscription) => {
      const { id } = subscription;
      const invoices = invoicesOf.get(id) ?? [];
      const facts = {
        won: Number(priceOf.get(id)),
        paid: invoices.filter((invoice) => invoice.status === "paid").length,
        isAtToss: invoices.some((invoice) => atToss.has(invoice.id)),
        consents: consentsOf.get(id) ?? [],
      };
      return [id, expect(subscription, facts)];
    }),
  );
}

type Facts = {
  readonly won: number;
  readonly paid: number;
  readonly isAtToss: boolean;
  readonly consents: Books["consents"];
};

function expect(subscription: Subscription, { won, paid, isAtToss, consents }: Facts): Expected {
  const { status, cancels_on: cancelsOn, anchor_on: anchor } = subscription;
  if (status === "incomplete" || status === "ended") return NOTHING;
  const charge = { expects: "charge", won, paysTo: periodEdge(anchor, subscription, paid + 1) };
  if (isAtToss) return charge;
  if (cancelsOn !== null) return END;
  if (status === "past-due") return subscription.next_try_on === null ? END : charge;
  if (status !== "trialing") return charge;
  const from = seoulHour(anchor, -24 * CONSENT_DAYS);
  const isAgreed = consents.some(
    (consent) =>
      consent.voided_at === null &&
      consent.changes_on === anchor &&
      Number(consent.to_won) >= won &&
      consent.agreed_at >= from &&
      consent.agreed_at < seoulHour(anchor, CHARGE_HOUR),
  );
  return isAgreed ? charge : END;
}

function checkExpected(
  { subscriptions }: Books,
  expected: ReadonlyMap<string, Expected>,
): Finding[] {
  return subscriptions.flatMap((subscription): Finding[] => {
    const { id, account_id: subject, status, expects, expected_won, pays_to } = subscription;
    const saved: Expected = { expects, won: Number(expected_won), paysTo: pays_to };
    const wanted = expected.get(id) ?? NOTHING;
    if (JSON.stringify(saved) === JSON.stringify(wanted)) return [];
    const text = `${id} (${status}) expects ${tell(saved)}, and should expect ${tell(wanted)}`;
    return [{ kind: "expects", subject, text }];
  });
}

function tell({ expects, won, paysTo }: Expected): string {
  return `${expects ?? "nothing"} of ${won} won, to be paid to ${paysTo}`;
}

/** What the coming days are said to bring is the sum of what each contract is to pay by then. */
function checkForecasts(
  { subscriptions, forecasts, now }: Books,
  expected: ReadonlyMap<string, Expected>,
): Finding[] {
  return forecasts.flatMap(({ day, count, amount_won: amountWon }): Finding[] => {
    if (day <= seoulDay(now)) return [];
    const end = seoulHour(day, 24);
    const due = subscriptions.filter(
      (one) =>
        one.next_action_at !== null &&
        one.next_action_at < end &&
        expected.get(one.id)?.expects === "charge",
    );
    const won = due.reduce((sum, one) => sum + (expected.get(one.id)?.won ?? 0), 0);
    if (count === due.length && Number(amountWon) === won) return [];
    const text = `by the end of ${day} ${count} charges of ${amountWon} won were foretold, and ${due.length} of ${won} are due`;
    return [{ kind: "forecast", subject: day, text }];
  });
}

/** A contract did otherwise than was saved with it, though nobody had falsified what was saved. */
function checkSurprises({ surprises, subscriptions, falsified }: Books): Finding[] {
  const subjectOf = new Map(subscriptions.map((one) => [one.id, one.account_id]));
  return surprises.flatMap((surprise): Finding[] => {
    const { subscription_id: id, resolved_at: resolvedAt } = surprise;
    if (falsified.has(id) && resolvedAt !== null) return [];
    const { expects, expected_won, decides, decided_won } = surprise;
    const text = `${id} expected ${expects} of ${expected_won} won, and the rules said ${decides} of ${decided_won}`;
    return [{ kind: "surprise", subject: subjectOf.get(id) ?? "", text }];
  });
}

function checkOldContracts({ over }: Books): Finding[] {
  return over.flatMap(({ subscription_id: id, account_id: subject, kept, now }): Finding[] =>
    Object.entries(kept)
      .filter(([part, text]) => now[part] !== text)
      .map(([part, text]) => ({
        kind: "old-contract",
        subject,
        text: `${id} has ended, and its ${part} changed from ${text} to ${now[part]}`,
      })),
  );
}
