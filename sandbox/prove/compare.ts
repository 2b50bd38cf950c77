/** The three books side by side: our charges, our ledger, Toss's payments. */
import type { PaymentDump } from "@/packages/toss-twin/control/schemas";
import type { Books, Finding } from "./books";
import { checkCalendar, checkDueness } from "./compare-calendar";
import { checkContracts } from "./compare-contracts";
import { checkCredit, checkDues } from "./compare-credit";
import { groupBy, isNight, seoulDay, sum } from "./sums";

/** The states in which money has moved. */
const EXECUTED = new Set(["DONE", "CANCELED", "PARTIAL_CANCELED"]);

export function compareBooks(books: Books): Finding[] {
  return [
    ...compareWithToss(books),
    ...compareRefunds(books),
    ...checkLedger(books),
    ...checkInvoices(books),
    ...checkDues(books),
    ...checkCredit(books),
    ...checkContracts(books),
    ...checkCalendar(books),
    ...checkDueness(books),
    ...checkNothingStuck(books),
    ...checkCalls(books),
    ...checkKeys(books),
    ...checkMessages(books),
  ];
}

/** Charges against payments, both ways, by order id. */
function compareWithToss({ payments, charges, accountOfKey, open }: Books): Finding[] {
  const findings: Finding[] = [];
  const chargeOf = new Map(charges.map((charge) => [charge.order_id, charge]));
  const executed = payments.filter((payment) => EXECUTED.has(payment.status));
  for (const payment of executed) {
    const charge = chargeOf.get(payment.orderId);
    const subject =
      charge?.account_id ?? accountOfKey.get(payment.customerKey ?? "") ?? payment.orderId;
    const name = `${payment.totalAmount} won under order ${payment.orderId}`;
    const lost = (text: string) => findings.push({ kind: "lost", subject, text });
    if (!charge) lost(`Toss took ${name}, and no charge of ours says so`);
    else if (charge.needs_review) open.push({ kind: "needs review", subject, text: name });
    else if (charge.status !== "approved")
      lost(`Toss took ${name}, which is ${charge.status} here`);
    else if (charge.payment_key !== payment.paymentKey)
      lost(`Toss took ${name}, and our charge names another payment`);
    else if (Number(charge.amount_won) !== payment.totalAmount)
      lost(`Toss took ${name}, and our charge says ${charge.amount_won}`);
  }
  for (const group of groupBy(executed, (payment) => payment.orderId).values())
    if (group.length > 1) findings.push(duplicate(accountIn(group), "order", group));
  const byInvoice = groupBy(
    executed,
    (one) => chargeOf.get(one.orderId)?.invoice_id ?? one.orderId,
  );
  for (const group of byInvoice.values())
    if (group.length > 1) findings.push(duplicate(accountIn(group), "invoice", group));

  const paid = new Set(executed.map((payment) => payment.orderId));
  for (const charge of charges)
    if (charge.status === "approved" && !paid.has(charge.order_id))
      findings.push({
        kind: "invented",
        subject: charge.account_id,
        text: `charge ${charge.id} is approved here and unknown to Toss`,
      });
  return findings;

  function accountIn(group: readonly PaymentDump[]): string {
    return accountOfKey.get(group[0]?.customerKey ?? "") ?? "";
  }
}

function duplicate(subject: string, what: string, group: readonly PaymentDump[]): Finding {
  const orders = group.map((payment) => `${payment.orderId} ${payment.totalAmount} won`);
  return {
    kind: "duplicate",
    subject,
    text: `one ${what} was paid ${group.length} times: ${orders}`,
  };
}

/** What was given back here and at Toss, payment by payment. */
function compareRefunds({ payments, charges, refunds, open }: Books): Finding[] {
  const findings: Finding[] = [];
  const chargeOf = new Map(charges.map((charge) => [charge.order_id, charge]));
  const ofCharge = groupBy(refunds, (refund) => refund.charge_id);
  for (const { orderId, totalAmount, balanceAmount, status } of payments) {
    const charge = chargeOf.get(orderId);
    if (!charge || !EXECUTED.has(status)) continue;
    const own = ofCharge.get(charge.id) ?? [];
    const isOpen = own.some((refund) => refund.needs_review);
    const here = sum(own.filter((refund) => refund.status === "done"));
    const text = `${totalAmount - balanceAmount} won of order ${orderId} were given back at Toss, ${here} here`;
    if (here === totalAmount - balanceAmount) continue;
    if (isOpen) open.push({ kind: "refund to review", subject: charge.account_id, text });
    else findings.push({ kind: "refund", subject: charge.account_id, text });
  }
  for (const refund of refunds)
    if ((refund.status === "pending" || refund.status === "unknown") && !refund.needs_review)
      findings.push({
        kind: "stuck",
        subject: refund.account_id,
        text: `refund ${refund.id} is ${refund.status} (${refund.unknown_reason})`,
      });
  return findings;
}

function checkLedger({ entries, charges, invoices, payments, refunds }: Books): Finding[] {
  const findings: Finding[] = [];
  const fault = (subject: string, text: string) => findings.push({ kind: "ledger", subject, text });
  for (const [id, rows] of groupBy(entries, (entry) => entry.journal_id))
    if (sum(rows) !== 0) fault("ledger", `journal ${id} sums to ${sum(rows)}`);
  const ofCharge = groupBy(entries, (entry) => entry.charge_id ?? "");
  const returned = groupBy(refunds, (refund) => refund.charge_id);
  for (const charge of charges) {
    const rows = ofCharge.get(charge.id) ?? [];
    const cleared = sum(rows.filter((row) => row.account === "pg-clearing"));
    const back = sum((returned.get(charge.id) ?? []).filter((refund) => refund.status === "done"));
    const wanted = charge.status === "approved" ? Number(charge.amount_won) - back : 0;
    if (cleared !== wanted)
      fault(
        charge.account_id,
        `charge ${charge.id} (${charge.status}) cleared ${cleared} of ${wanted} won`,
      );
  }
  const ofInvoice = groupBy(entries, (entry) => entry.invoice_id ?? "");
  for (const invoice of invoices) {
    const rows = (ofInvoice.get(invoice.id) ?? []).filter((row) => row.account === "receivable");
    const wanted = invoice.status === "open" ? Number(invoice.due_won) : 0;
    if (sum(rows) !== wanted)
      fault(
        invoice.account_id,
        `invoice ${invoice.id} (${invoice.status}) has ${sum(rows)} won receivable`,
      );
  }
  const approved = new Set(
    charges.filter((charge) => charge.status === "approved").map((charge) => charge.order_id),
  );
  const atToss = payments
    .filter((payment) => EXECUTED.has(payment.status) && approved.has(payment.orderId))
    .reduce((total, payment) => total + payment.balanceAmount, 0);
  const cleared = sum(entries.filter((entry) => entry.account === "pg-clearing"));
  if (cleared !== atToss) fault("ledger", `${cleared} won cleared, ${atToss} won taken by Toss`);
  return findings;
}

function checkInvoices({ invoices, charges, subscriptions }: Books): Finding[] {
  const findings: Finding[] = [];
  const law = (subject: string, text: string) => findings.push({ kind: "law", subject, text });
  const approvals = groupBy(
    charges.filter((charge) => charge.status === "approved"),
    (charge) => charge.invoice_id,
  );
  const subscriptionOf = new Map(subscriptions.map((one) => [one.id, one]));
  for (const invoice of invoices) {
    const count = approvals.get(invoice.id)?.length ?? 0;
    if (count !== (invoice.status === "paid" && Number(invoice.due_won) > 0 ? 1 : 0))
      law(
        invoice.account_id,
        `invoice ${invoice.id} is ${invoice.status} with ${count} approved charges`,
      );
    const subscription = subscriptionOf.get(invoice.subscription_id ?? "");
    if (subscription?.status === "ended" && invoice.status === "open")
      law(invoice.account_id, `invoice ${invoice.id} is open, and its subscription has ended`);
    if (subscription && subscription.amount_won !== invoice.total_won)
      law(invoice.account_id, `invoice ${invoice.id} asks ${invoice.total_won} won`);
  }
  const invoiceOf = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  for (const charge of charges) {
    const subscription = subscriptionOf.get(
      invoiceOf.get(charge.invoice_id)?.subscription_id ?? "",
    );
    const endedOn = subscription?.ended_on;
    if (endedOn && charge.status === "approved" && seoulDay(charge.created_at) > endedOn)
      law(charge.account_id, `charge ${charge.id} was made after the end on ${endedOn}`);
  }
  return findings;
}

function checkNothingStuck(books: Books): Finding[] {
  const { subscriptions, charges, invoices, registrations, now } = books;
  const findings: Finding[] = [];
  const stuck = (subject: string, text: string) => findings.push({ kind: "stuck", subject, text });
  const subscriptionOfInvoice = new Map(invoices.map((one) => [one.id, one.subscription_id]));
  const openCharges = charges.filter((one) => one.status === "pending" || one.status === "unknown");
  const waiting = new Set(openCharges.map((one) => subscriptionOfInvoice.get(one.invoice_id)));
  for (const { id, account_id: subject, status, next_action_at: at } of subscriptions) {
    if (status === "ended") continue;
    if (status !== "incomplete" && at === null && !waiting.has(id))
      stuck(subject, `${id} is ${status}, and nobody will look at it again`);
    if (at && at.getTime() < now.getTime() - 3_600_000)
      stuck(subject, `${id} was due at ${at.toISOString()}, and nobody looked`);
  }
  for (const registration of registrations)
    if (registration.status === "pending")
      stuck(registration.account_id, `the card of ${registration.id} never became a billing key`);
  for (const charge of openCharges)
    if (!charge.needs_review)
      stuck(
        charge.account_id,
        `charge ${charge.id} is ${charge.status} (${charge.unknown_reason})`,
      );
  return findings;
}

/** What was sent to Toss: only what was written down before, once a day by itself, and never at night by itself. */
function checkCalls({ calls, charges }: Books): Finding[] {
  const findings: Finding[] = [];
  const law = (subject: string, text: string) => findings.push({ kind: "law", subject, text });
  const chargeOf = new Map(charges.map((charge) => [charge.order_id, charge]));
  const attempts = new Map<string, Set<string>>();
  for (const { operation, orderId, at } of calls) {
    if (orderId === null || (operation !== "charge" && operation !== "confirm")) continue;
    const charge = chargeOf.get(orderId);
    if (!charge) law(orderId, `order ${orderId} was sent to Toss without being written down`);
    if (charge?.trigger !== "automatic") continue;
    if (isNight(at)) law(charge.account_id, `order ${orderId} was sent at ${at.toISOString()}`);
    const day = `${charge.invoice_id} on ${seoulDay(charge.created_at)}`;
    attempts.set(day, (attempts.get(day) ?? new Set()).add(orderId));
    if (charge.called_at === null)
      law(charge.account_id, `order ${orderId} is not marked as called`);
  }
  for (const [day, orders] of attempts) {
    const [first = ""] = orders;
    if (orders.size > 1)
      law(
        chargeOf.get(first)?.account_id ?? "",
        `${orders.size} automatic attempts at invoice ${day}`,
      );
  }
  return findings;
}

function checkKeys(books: Books): Finding[] {
  const findings: Finding[] = [];
  const methodOf = new Map(books.methods.map((method) => [method.keyId, method]));
  const atToss = new Map(books.keysAtToss.map((key) => [key.id, key]));
  for (const key of books.keysAtToss) {
    if (key.removedAt !== null) continue;
    const subject = books.accountOfKey.get(key.customerKey) ?? "";
    const method = methodOf.get(key.id);
    const fault = (text: string) => findings.push({ kind: "key", subject, text });
    if (!method) {
      const given = books.registrations.filter((one) => one.account_id === subject);
      const failed = given.find((one) => one.status === "failed");
      const text = `key ${key.id} lives at Toss; the answer that named it never came`;
      if (failed) books.open.push({ kind: "key of a lost answer", subject, text });
      else fault(`${text}, and no registration says so`);
    } else if (method.delete_at !== null)
      books.open.push({ kind: "key to delete", subject, text: `${method.id} is still at Toss` });
    else if (!books.heldMethods.has(method.id))
      fault(`${method.id} lives at Toss, nobody holds it, and its deletion is not booked`);
  }
  const paying = new Set(
    books.subscriptions.filter((one) => one.status !== "ended").map((one) => one.payment_method_id),
  );
  for (const method of books.methods) {
    const key = atToss.get(method.keyId ?? "");
    const isRemoved = key && key.removedAt !== null && books.heldMethods.has(method.id);
    if (isRemoved || (method.deleted_at !== null && paying.has(method.id)))
      findings.push({
        kind: "key",
        subject: method.account_id,
        text: `${method.id} is in use here and deleted at Toss`,
      });
  }
  return findings;
}

function checkMessages({ messages, charges, invoices, open }: Books): Finding[] {
  const told = new Set(messages.map((message) => message.dedupe_key));
  for (const message of messages)
    if (message.sent_at === null)
      open.push({ kind: "message to send", subject: "", text: message.dedupe_key });
  const paid = [
    ...charges.filter((charge) => charge.status === "approved"),
    ...invoices.filter((invoice) => invoice.status === "paid" && Number(invoice.due_won) === 0),
  ];
  return paid
    .filter(({ id }) => !told.has(`paid:${id}`))
    .map(({ id, account_id: subject }) => ({
      kind: "law",
      subject,
      text: `${id} was paid, and nobody was told`,
    }));
}
