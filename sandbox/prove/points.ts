/**
 * The points that a full run must reach, and at which it lets workers die in turn, by name. Those of a transaction: before one of its
 * statements, before its commit, around it, after it. Those of a call to Toss: before it leaves, while it is away,
 * after its answer.
 */
import type { Finding } from "./books";

const POINTS: readonly string[] = [
  // What a customer's browser does.
  ...commits("checkout/create"),
  ...commits("checkout/agree"),
  ...commits("card/accept"),
  "card/accept/vault.seal",
  ...commits("checkout/accept-payment"),
  ...issueOf("checkout/complete"),
  ...commits("checkout/complete"),
  ...chargeOf("checkout/complete>charge/collect"),
  ...call("checkout/complete>charge/collect", "toss.confirm"),
  ...commits("checkout/complete>charge/record-outcomes"),
  ...commits("checkout/complete>charge/settle"),
  ...call("checkout/complete>charge/ask", "toss.find"),
  ...issueOf("card/replace"),
  ...commits("card/replace"),
  ...chargeOf("card/replace>charge/collect"),
  ...commits("card/replace>charge/record-outcomes"),
  ...commits("charge/pay-overdue", 2),
  ...chargeOf("charge/pay-overdue>charge/collect"),
  ...commits("charge/pay-overdue>charge/record-outcomes"),
  ...commits("subscription/cancel"),
  ...part("subscription/cancel", "change"),
  ...part("subscription/cancel", "credit"),
  ...commits("subscription/undo-cancel"),
  ...part("subscription/undo-cancel", "change-closed"),
  ...commits("consent/give"),
  // Renewals.
  ...commits("renewal/sweep>renewal/apply-brake"),
  ...commits("renewal/sweep>renewal/claim"),
  ...part("renewal/sweep>renewal/claim", "credit"),
  ...part("renewal/sweep>renewal/claim", "begin-without-charge"),
  ...part("renewal/sweep>renewal/claim", "report-surprises"),
  ...["before", "after"].map((when) => `jobs/hint.${when}`),
  ...chargeOf("charge/collect"),
  ...commits("charge/collect>charge/record-outcomes"),
  // What an operator does about them.
  ...commits("credit/grant"),
  ...part("credit/grant", "credit"),
  ...commits("renewal/review-expectations"),
  ...commits("renewal/resolve-finding"),
  // What was left behind.
  ...commits("charge/settle", 3),
  ...call("charge/settle>charge/ask", "toss.find"),
  ...adoptionIn("charge/settle"),
  ...call("charge/settle>charge/collect", "toss.charge"),
  ...commits("charge/settle>charge/record-outcomes"),
  ...issueOf("card/resume-registrations"),
  ...commits("card/resume-registrations>checkout/complete"),
  ...chargeOf("card/resume-registrations>charge/collect"),
  ...commits("card/resume-registrations>charge/record-outcomes"),
  ...commits("checkout/expire"),
  ...commits("card/delete-keys", 2),
  ...call("card/delete-keys", "toss.delete"),
  // Refunds.
  ...commits("refund/send", 2),
  ...call("refund/send", "toss.cancel"),
  ...commits("refund/send>refund/record"),
  ...commits("refund/settle", 3),
  ...call("refund/settle>charge/ask", "toss.findPayment"),
  ...call("refund/settle>refund/send", "toss.cancel"),
  ...commits("refund/settle>refund/record"),
  // What the morning compares.
  ...commits("reconciliation/reconcile"),
  ...call("reconciliation/reconcile", "toss.listTransactions"),
  ...call("reconciliation/reconcile", "toss.findPayment"),
  ...commits("reconciliation/reconcile>charge/settle", 2),
  ...call("reconciliation/reconcile>charge/ask", "toss.find"),
  ...adoptionIn("reconciliation/reconcile"),
  // Webhooks and messages.
  ...commits("webhook/receive"),
  ...["before", "after"].map((when) => `webhook/receive/hint.${when}`),
  ...commits("webhook/handle"),
  ...call("webhook/handle>charge/ask", "toss.find"),
  ...adoptionIn("webhook/handle"),
  ...commits("message/book-reminders"),
  ...commits("message/send", 2),
  ...["before", "after"].map((when) => `message/send/mail.${when}`),
  // What else the books rest on.
  ...commits("invoice/number", 2),
  ...commits("renewal/forecast"),
];

/** A point nobody reached is one that has another name by now, or about which nothing was proved. */
export function findUnreached(hits: ReadonlyMap<string, number>): Finding[] {
  return POINTS.filter((point) => !hits.has(point)).map((point) => ({
    kind: "unreached",
    subject: point,
    text: "no worker ever reached this point, so nothing is proved about it",
  }));
}

/** The points at which no worker has died yet. */
export function listUntried(kills: ReadonlyMap<string, number>): readonly string[] {
  return POINTS.filter((point) => !kills.has(point));
}

/** The points reached that this list does not name: what came to the product since. */
export function findUnnamed(hits: ReadonlyMap<string, number>): string[] {
  return [...hits.keys()].filter((point) => !POINTS.includes(point));
}

/** Of the first `count` transactions of an operation. */
function commits(place: string, count = 1): string[] {
  return Array.from({ length: count }, (_, at) => `${place}/commit-${at + 1}`).flatMap((commit) =>
    ["statement", "before", "during", "after"].map((when) => `${commit}.${when}`),
  );
}

/** What an operation does only now and then: see `parts.ts`. */
function part(place: string, name: string): string[] {
  return ["before", "after"].map((when) => `${place}/${name}.${when}`);
}

function call(place: string, name: string): string[] {
  return ["before", "during", "after"].map((when) => `${place}/${name}.${when}`);
}

function chargeOf(place: string): string[] {
  return [...commits(place), ...call(place, "toss.charge")];
}

function adoptionIn(flow: string): string[] {
  return [...commits(`${flow}>refund/adopt`, 2), ...call(`${flow}>charge/ask`, "toss.findPayment")];
}

function issueOf(flow: string): string[] {
  const place = `${flow}>card/issue-key`;
  return [...commits(place, 3), ...call(place, "toss.issue"), `${place}/vault.seal`];
}
