/**
 * A second provider, in memory, that can do less than Toss: it answers no request twice, tells no VAT and deletes no
 * keys. It keeps the two promises of every gateway: an order id is executed once, and a payment gives nothing back when
 * another balance is left than the caller believes.
 */
import { randomUUID } from "node:crypto";
import { seoulDayOf } from "@/lib/billing/calendar";
import type { ChargeOutcome } from "@/lib/billing/charge/charge";
import type { Decline } from "@/lib/billing/charge/decline";
import { parseWon, type Won } from "@/lib/billing/money";
import type { ListedTransaction } from "@/lib/billing/reconciliation/reconciliation";
import type { Cancel } from "@/lib/billing/refund/refund";
import type { CancelOutcome, Gateway, IssueOutcome } from "@/lib/gateway/gateway";

type PlainPayment = {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly totalWon: Won;
  readonly approvedAt: Date;
  readonly cancels: Cancel[];
};

type Operation = "issue" | "charge" | "cancel";
/** `answer`: the request is executed and nobody hears of it; `request`: it never arrives. */
type Loss = "answer" | "request";

export type PlainProvider = ReturnType<typeof createPlainProvider>;

const MINIMUM_WON = parseWon(100);
const LOST = { kind: "unknown", reason: "connection-lost", keySpent: false } as const;

export function createPlainProvider(clock: { now(): Date }) {
  const payments = new Map<string, PlainPayment>();
  const customerOfKey = new Map<string, string>();
  const authorized = new Map<string, string>();
  const windows = new Map<string, { readonly orderId: string; readonly amountWon: Won }>();
  const losses = new Map<Operation, Loss>();
  const heard: Operation[] = [];
  let declined: Decline | null = null;

  /** Hears one request. Its answer gets lost where that was asked for. */
  function hear<T>(operation: Operation, execute: () => T): T | typeof LOST {
    const loss = losses.get(operation);
    losses.delete(operation);
    if (loss === "request") return LOST;
    heard.push(operation);
    const answer = execute();
    return loss === "answer" ? LOST : answer;
  }

  function approve(asked: { orderId: string; amountWon: Won; paymentKey?: string }): ChargeOutcome {
    const { orderId, amountWon, paymentKey = `plain_${randomUUID()}` } = asked;
    if (amountWon < MINIMUM_WON)
      return { kind: "declined", code: "P20", reason: "request-fault", declineClass: "config" };
    if (payments.has(orderId)) return { ...LOST, reason: "order-known" };
    if (declined) {
      const decline = declined;
      declined = null;
      return { kind: "declined", ...decline, declineClass: "soft" };
    }
    const payment = { paymentKey, orderId, totalWon: amountWon, approvedAt: clock.now() };
    payments.set(orderId, { ...payment, cancels: [] });
    return tell(orderId, amountWon);
  }

  function tell(orderId: string, askedWon: Won): ChargeOutcome {
    const payment = payments.get(orderId);
    if (!payment) return { ...LOST, reason: "order-unknown" };
    const { paymentKey, totalWon, approvedAt } = payment;
    if (totalWon !== askedWon)
      return { ...LOST, reason: "answer-differs", review: true, takenWon: totalWon };
    const approval = { paymentKey, amountWon: totalWon, approvedAt, receiptUrl: null };
    return { kind: "approved", ...approval, suppliedWon: null, vatWon: null };
  }

  const withKey = (paymentKey: string) =>
    [...payments.values()].find((payment) => payment.paymentKey === paymentKey);

  const gateway: Gateway = {
    provider: "plain",
    capabilities: {
      idempotentReplay: false,
      vatSplit: false,
      keyDeletion: false,
      partialCancel: true,
      minimumWon: MINIMUM_WON,
    },
    webhooks: {
      eventTypes: { payment: [], deposit: [], card: [] },
      parse: () => null,
      trim: (body) => body,
      read: () => ({
        ...{ eventType: "UNKNOWN", orderId: null, paymentKey: null, transactionKey: null },
        ...{ billingKey: null, secret: null, saidAt: null },
      }),
      topicOf: () => "other",
      isSigned: () => false,
    },
    async issueBillingKey({ authKey, customerKey }) {
      return hear("issue", (): IssueOutcome => {
        if (authorized.get(authKey) !== customerKey)
          return { kind: "refused", code: "P10", reason: "card-unknown", remedy: "restart" };
        authorized.delete(authKey);
        const billingKey = `plain_key_${randomUUID()}`;
        customerOfKey.set(billingKey, customerKey);
        const card = { issuerCode: "61", maskedNumber: "94100000****001*" };
        return {
          kind: "issued",
          billingKey,
          card: { ...card, cardType: null, ownerType: null },
          unusable: null,
        };
      });
    },
    async chargeBillingKey({ billingKey, customerKey, orderId, amountWon }) {
      return hear(
        "charge",
        (): ChargeOutcome =>
          customerOfKey.get(billingKey) === customerKey
            ? approve({ orderId, amountWon })
            : { kind: "declined", code: "P11", reason: "card-unknown", declineClass: "hard" },
      );
    },
    async confirmPayment({ paymentKey, orderId, amountWon }) {
      return hear("charge", (): ChargeOutcome => {
        const window = windows.get(paymentKey);
        return window?.orderId === orderId && window.amountWon === amountWon
          ? approve({ orderId, amountWon, paymentKey })
          : { kind: "declined", code: "P21", reason: "request-fault", declineClass: "config" };
      });
    },
    async findByOrderId(orderId, amountWon) {
      return payments.has(orderId) ? tell(orderId, amountWon) : { kind: "not-found" };
    },
    async findByPaymentKey({ paymentKey, orderId, amountWon }) {
      return withKey(paymentKey) ? tell(orderId, amountWon) : { kind: "not-found" };
    },
    async findPayment(paymentKey) {
      const payment = withKey(paymentKey);
      if (!payment) return { kind: "not-executed" };
      const { orderId, totalWon, cancels } = payment;
      const held = { paymentKey, orderId, totalWon, balanceWon: balanceOf(payment), vatWon: null };
      return { kind: "executed", payment: { ...held, cancels: [...cancels] } };
    },
    async findSecret() {
      return { kind: "known", secret: null };
    },
    async listTransactions(day) {
      const transactions = [...payments.values()]
        .flatMap(linesOf)
        .filter(({ at }) => seoulDayOf(at) === day)
        .toSorted((one, other) => one.at.getTime() - other.at.getTime());
      return { kind: "page", transactions, next: null };
    },
    async cancelPayment({ paymentKey, amountWon, balanceWon, reason }) {
      return hear("cancel", (): CancelOutcome => {
        const payment = withKey(paymentKey);
        if (!payment) return { kind: "refused", code: "P30" };
        if (balanceOf(payment) !== balanceWon || amountWon > balanceWon)
          return { ...LOST, reason: "balance-differs" };
        const left = parseWon(balanceWon - amountWon);
        const cancel = { transactionKey: `plain_tx_${randomUUID()}`, canceledAt: clock.now() };
        payment.cancels.push({ ...cancel, amountWon, balanceAfterWon: left, reason });
        return {
          kind: "canceled",
          ...cancel,
          canceledWon: amountWon,
          balanceWon: left,
          vatWon: null,
        };
      });
    },
    async deleteBillingKey() {
      return { kind: "unknown", reason: "not-supported" };
    },
  };

  return {
    gateway,
    /** Every request that arrived, oldest first. */
    heard,
    payments: (): readonly PlainPayment[] => [...payments.values()],
    /** What the card window would lead back with. */
    async authorizeCard(customerKey: string): Promise<string> {
      const authKey = `plain_auth_${randomUUID()}`;
      authorized.set(authKey, customerKey);
      return authKey;
    },
    async authorizePayment(order: { orderId: string; amountWon: Won }): Promise<string> {
      const paymentKey = `plain_${randomUUID()}`;
      windows.set(paymentKey, order);
      return paymentKey;
    },
    async loseNext(operation: Operation, loss: Loss = "answer"): Promise<void> {
      losses.set(operation, loss);
    },
    async declineNext(): Promise<void> {
      declined = { code: "P51", reason: "insufficient-funds" };
    },
  };
}

function balanceOf({ totalWon, cancels }: PlainPayment): Won {
  return cancels.at(-1)?.balanceAfterWon ?? totalWon;
}

function linesOf({ paymentKey, orderId, totalWon, approvedAt, cancels }: PlainPayment) {
  const of = { paymentKey, orderId };
  const lines: ListedTransaction[] = [
    { ...of, transactionKey: paymentKey, kind: "approval", amountWon: totalWon, at: approvedAt },
    ...cancels.map(
      ({ transactionKey, amountWon, canceledAt }): ListedTransaction => ({
        ...of,
        transactionKey,
        kind: "cancel",
        amountWon,
        at: canceledAt,
      }),
    ),
  ];
  return lines;
}
