/**
 * What is due and what credit paid of it, by an arithmetic of its own: from gifts and invoices, and not from the ledger,
 * which only says in which order they came.
 */
import type { Books, Finding, Invoice } from "./books";
import { groupBy, sum } from "./sums";

/** Toss takes no less with a card. */
const MINIMUM_WON = 100;
const UNPAID = new Set(["void", "uncollectible"]);

/** An invoice asks its total, less credit and what is forgiven, plus what is topped up; a charge asks just that. */
export function checkDues({ invoices, charges }: Books): Finding[] {
  const findings: Finding[] = [];
  const ofInvoice = groupBy(charges, (charge) => charge.invoice_id);
  for (const invoice of invoices) {
    const { id, account_id: subject } = invoice;
    const due = (text: string) => findings.push({ kind: "due", subject, text });
    const won = readWon(invoice);
    const left = won.total - won.usedGranted - won.usedPaid;
    const wanted = left - won.forgiven + won.topUp;
    if (won.due !== wanted) due(`invoice ${id} asks ${won.due} won, and should ask ${wanted}`);
    const lines = invoice.lines.reduce((total, line) => total + line.won, 0);
    if (lines !== won.total - won.made)
      due(`the lines of ${id} sum to ${lines} won, its total is ${won.total}`);
    const isSmall = left > 0 && left < MINIMUM_WON;
    const forgiven = isSmall && invoice.kind === "period" ? left : 0;
    const topUp = isSmall && invoice.kind !== "period" ? MINIMUM_WON - left : 0;
    if (won.forgiven !== forgiven || won.topUp !== topUp)
      due(`invoice ${id} forgives ${won.forgiven} and tops up ${won.topUp} of the ${left} left`);
    const own = ofInvoice.get(id) ?? [];
    if (won.due === 0 && (own.length > 0 || invoice.status === "open"))
      due(`invoice ${id} asks nothing, is ${invoice.status} and has ${own.length} charges`);
    for (const charge of own)
      if (Number(charge.amount_won) !== won.due)
        due(`charge ${charge.id} (${charge.status}) asks ${charge.amount_won} of ${won.due} won`);
  }
  return findings;
}

type Kind = "granted" | "paid";
type Move = { readonly kind: Kind; readonly won: number; readonly of: string };

/** Gifts are used once, come back when nothing was paid by them, and never become money. */
export function checkCredit(books: Books): Finding[] {
  const findings: Finding[] = [];
  const invoicesOf = groupBy(books.invoices, (invoice) => invoice.account_id);
  const grantsOf = groupBy(books.grants, (grant) => grant.account_id);
  const entriesOf = groupBy(
    books.entries.filter((entry) => entry.account_id !== null),
    (entry) => entry.account_id ?? "",
  );
  const subjects = new Set([...grantsOf.keys(), ...entriesOf.keys(), ...invoicesOf.keys()]);
  for (const subject of subjects) {
    const invoices = invoicesOf.get(subject) ?? [];
    const grants = grantsOf.get(subject) ?? [];
    const moves = [
      ...grants.map(({ id, amount_won }) => gift(id, Number(amount_won))),
      ...invoices.flatMap(movesOf),
    ].filter(({ won }) => won !== 0);
    const entries = entriesOf.get(subject) ?? [];
    for (const kind of ["granted", "paid"] as const) {
      const own = moves.filter((move) => move.kind === kind);
      const left = own.reduce((total, { won }) => total + won, 0);
      const booked = -sum(entries.filter((entry) => entry.account === `credit-${kind}`));
      // Money that nobody paid in: what was a gift has become the customer's own.
      const fault = kind === "paid" && (booked > left || left < 0) ? "gift-as-money" : "credit";
      if (booked !== left) {
        const text = `${subject} owns ${booked} won of ${kind} credit, and should own ${left}`;
        findings.push({ kind: fault, subject, text });
      }
      const lowest = findLowest(own, entries);
      if (lowest < 0) {
        const text = `${kind} credit of ${subject} fell to ${lowest} won: more was used than there was`;
        findings.push({ kind: fault, subject, text });
      }
    }
  }
  return [...findings, ...checkWishedRefunds(books)];
}

function gift(id: string, won: number): Move {
  return { kind: "granted", won, of: `grant ${id}` };
}

/** What an invoice did with credit when it was opened, and when it was closed. */
function movesOf(invoice: Invoice): readonly Move[] {
  const won = readWon(invoice);
  const opened = `opened ${invoice.id}`;
  const closed = `closed ${invoice.id}`;
  const used = { granted: won.usedGranted, paid: won.usedPaid };
  const givesBack = UNPAID.has(invoice.status);
  return [
    ...(["granted", "paid"] as const).flatMap((kind): Move[] => [
      { kind, won: -used[kind], of: opened },
      { kind, won: givesBack ? used[kind] : 0, of: closed },
    ]),
    { kind: "paid", won: invoice.status === "paid" ? won.made + won.topUp : 0, of: closed },
  ];
}

/** The lowest a balance ever was, in the order in which the ledger was written. A move it does not know comes last. */
function findLowest(moves: readonly Move[], entries: Books["entries"]): number {
  const places = new Map<string, number>();
  for (const [at, entry] of entries.entries()) {
    // A debit uses credit, as invoices do when they are opened.
    const when = Number(entry.amount_won) > 0 ? "opened" : "closed";
    const of = entry.invoice_id ? `${when} ${entry.invoice_id}` : `grant ${entry.journal_id}`;
    places.set(of, at);
  }
  const placeOf = ({ of }: Move) => places.get(of) ?? places.size;
  const inOrder = moves.toSorted((one, other) => placeOf(one) - placeOf(other));
  let balance = 0;
  let lowest = 0;
  for (const { won } of inOrder) {
    balance += won;
    lowest = Math.min(lowest, balance);
  }
  return lowest;
}

/** Money goes back only because somebody asked for it, gave it back at Toss, or an order was cancelled under way. */
function checkWishedRefunds({ refunds, charges, wishedRefunds, subscriptions, invoices }: Books) {
  const chargeOf = new Map(charges.map((charge) => [charge.id, charge]));
  const invoiceOf = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  const subscriptionOf = new Map(subscriptions.map((one) => [one.id, one]));
  return refunds.flatMap((refund): Finding[] => {
    if (wishedRefunds.has(refund.request_id) || refund.requested_by === "toss") return [];
    const charge = chargeOf.get(refund.charge_id);
    const invoice = invoiceOf.get(charge?.invoice_id ?? "");
    const reason = subscriptionOf.get(invoice?.subscription_id ?? "")?.end_reason;
    const isWhole = refund.amount_won === charge?.amount_won;
    if (refund.request_id === `canceled-order:${charge?.id}` && isWhole)
      if (reason === "canceled-with-refund") return [];
    const text = `${refund.amount_won} won go back to a card by ${refund.request_id}, which nobody asked for`;
    return [{ kind: "gift-as-money", subject: refund.account_id, text }];
  });
}

function readWon(invoice: Invoice) {
  return {
    total: Number(invoice.total_won),
    made: Number(invoice.credit_granted_won),
    usedGranted: Number(invoice.credit_used_granted_won),
    usedPaid: Number(invoice.credit_used_paid_won),
    forgiven: Number(invoice.forgiven_won),
    topUp: Number(invoice.top_up_won),
    due: Number(invoice.due_won),
  };
}
