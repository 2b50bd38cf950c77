/**
 * The points that a full run must reach, and at which it lets workers die in turn, by name. Those of a transaction: before one of its
 * statements, before its commit, around it, after it. Those of a call to Toss: before it leaves, while it is away,
 * after its answer.
 */
import type { Finding } from "./books";

const POINTS: readonly string[] = [
  // What a customer's browser does.
  ...commits("create-checkout"),
  ...commits("agree-to-checkout"),
  ...commits("accept-card"),
  "accept-card/vault.seal",
  ...commits("accept-payment"),
  ...issueOf("complete-checkout"),
  ...commits("complete-checkout"),
  ...chargeOf("complete-checkout>collect-charges"),
  ...call("complete-checkout>collect-charges", "toss.confirm"),
  ...commits("complete-checkout>record-outcomes"),
  ...commits("complete-checkout>settle-charges"),
  ...call("complete-checkout>settle-charges", "toss.find"),
  ...issueOf("replace-card"),
  ...commits("replace-card"),
  ...chargeOf("replace-card>collect-charges"),
  ...commits("replace-card>record-outcomes"),
  ...commits("pay-overdue", 2),
  ...chargeOf("pay-overdue>collect-charges"),
  ...commits("pay-overdue>record-outcomes"),
  ...commits("cancel-subscription"),
  ...commits("undo-cancel"),
  ...commits("give-consent"),
  // Renewals.
  ...commits("sweep-renewals>check-brake"),
  ...commits("sweep-renewals>claim-renewals"),
  ...["before", "after"].map((when) => `jobs/hint.${when}`),
  ...chargeOf("collect-charges"),
  ...commits("collect-charges>record-outcomes"),
  // What was left behind.
  ...commits("settle-charges", 3),
  ...call("settle-charges", "toss.find"),
  ...adoptionIn("settle-charges"),
  ...call("settle-charges>collect-charges", "toss.charge"),
  ...commits("settle-charges>record-outcomes"),
  ...issueOf("resume-registrations"),
  ...commits("resume-registrations>complete-checkout"),
  ...chargeOf("resume-registrations>collect-charges"),
  ...commits("resume-registrations>record-outcomes"),
  ...commits("expire-checkouts"),
  ...commits("delete-billing-keys", 2),
  ...call("delete-billing-keys", "toss.delete"),
  // Refunds.
  ...commits("refund-charge", 2),
  ...call("refund-charge", "toss.cancel"),
  ...commits("refund-charge>record-refund"),
  ...commits("settle-refunds", 3),
  ...call("settle-refunds", "toss.findPayment"),
  ...call("settle-refunds", "toss.cancel"),
  ...commits("settle-refunds>record-refund"),
  // What the morning compares.
  ...commits("reconcile"),
  ...call("reconcile", "toss.listTransactions"),
  ...call("reconcile", "toss.findPayment"),
  ...commits("reconcile>settle-charges", 2),
  ...call("reconcile>settle-charges", "toss.find"),
  ...adoptionIn("reconcile"),
  // Webhooks and messages.
  ...commits("receive-webhook"),
  ...["before", "after"].map((when) => `receive-webhook/hint.${when}`),
  ...commits("handle-webhook"),
  ...call("handle-webhook", "toss.find"),
  ...adoptionIn("handle-webhook"),
  ...commits("book-reminders"),
  ...commits("send-messages", 2),
  ...["before", "after"].map((when) => `send-messages/mail.${when}`),
  // What else the books rest on.
  ...commits("number-invoices", 2),
  ...commits("forecast-charges"),
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

function call(place: string, name: string): string[] {
  return ["before", "during", "after"].map((when) => `${place}/${name}.${when}`);
}

function chargeOf(place: string): string[] {
  return [...commits(place), ...call(place, "toss.charge")];
}

function adoptionIn(flow: string): string[] {
  const place = `${flow}>adopt-refunds`;
  return [...commits(place, 2), ...call(place, "toss.findPayment")];
}

function issueOf(flow: string): string[] {
  const place = `${flow}>issue-billing-key`;
  return [...commits(place, 3), ...call(place, "toss.issue"), `${place}/vault.seal`];
}
