import type { ErrorCode } from "./errors";
import { type Change, type Journal, openJournal, readJournal } from "./journal";
import type { CardFace, ScenarioKey } from "./scenarios";

/** All instants below are epoch milliseconds on the emulator's clock; amounts are whole won. */
export type PaymentRecord = {
  readonly paymentKey: string;
  readonly mId: string;
  readonly type: "NORMAL" | "BILLING";
  readonly orderId: string;
  readonly orderName: string;
  readonly customerKey: string | null;
  readonly status:
    | "READY"
    | "IN_PROGRESS"
    | "DONE"
    | "CANCELED"
    | "PARTIAL_CANCELED"
    | "ABORTED"
    | "EXPIRED";
  readonly totalAmount: number;
  readonly balanceAmount: number;
  /** What is left of the tax-free and the exempt share after cancels. */
  readonly taxFreeAmount: number;
  readonly taxExemptionAmount: number;
  readonly requestedAt: number;
  readonly authenticatedAt: number | null;
  readonly approvedAt: number | null;
  readonly approvalKey: string | null;
  readonly card: (CardFace & { readonly installmentPlanMonths: number }) | null;
  readonly cancels: readonly CancelRecord[];
  readonly failure: ErrorCode | "EXPIRED_PAYMENT" | null;
  readonly secret: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly scenario: ScenarioKey | null;
  /** Approvals asked of the card for this order so far. */
  readonly attempts: number;
};

export type CancelRecord = {
  readonly transactionKey: string;
  readonly cancelAmount: number;
  readonly cancelReason: string;
  readonly taxFreeAmount: number;
  readonly taxExemptionAmount: number;
  readonly refundableAmount: number;
  readonly canceledAt: number;
};

export type BillingRecord = {
  readonly billingKey: string;
  readonly mId: string;
  readonly customerKey: string;
  readonly scenario: ScenarioKey;
  readonly card: CardFace;
  readonly authenticatedAt: number;
  readonly removedAt: number | null;
  readonly attempts: number;
};

export type AuthRecord = {
  readonly authKey: string;
  readonly mId: string;
  readonly customerKey: string;
  readonly scenario: ScenarioKey;
  readonly createdAt: number;
  readonly usedAt: number | null;
};

export type WindowRecord = {
  readonly id: string;
  readonly mId: string;
  readonly target: "iframe" | "self";
  /** The origin of the page that opened the window; only this page is told how it ended. */
  readonly opener: string | null;
  readonly successUrl: string | null;
  readonly failUrl: string | null;
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly asks:
    | { readonly kind: "payment"; readonly paymentKey: string }
    | { readonly kind: "billing"; readonly customerKey: string };
};

export type IdempotentAnswer = {
  /** Merchant, method, URL and Idempotency-Key: what identifies a request, the body being no part of it. */
  readonly id: string;
  readonly firstUsedAt: number;
  readonly status: number;
  readonly body: string;
  readonly traceId: string;
};

const idempotencyLifeMs = 15 * 24 * 3_600_000;

/**
 * Everything Toss would have in its books. Each `save` takes effect in memory at once and is written with the next
 * `commit`, in one line: a call's payment and its stored answer survive together or not at all.
 */
export class Store {
  readonly payments = new Map<string, PaymentRecord>();
  readonly billings = new Map<string, BillingRecord>();
  readonly auths = new Map<string, AuthRecord>();
  readonly windows = new Map<string, WindowRecord>();
  private readonly answers = new Map<string, IdempotentAnswer>();
  private readonly paymentKeysByOrder = new Map<string, string[]>();
  private readonly journal: Journal | null;
  private pending: Change[] = [];
  clockOffsetMs = 0;

  constructor(stateFile: string | undefined) {
    if (stateFile === undefined) {
      this.journal = null;
      return;
    }
    for (const change of readJournal(stateFile)) this.replay(change);
    this.journal = openJournal(stateFile);
    this.journal.rewrite(this.snapshot());
  }

  findPayment(mId: string, paymentKey: string): PaymentRecord | undefined {
    const payment = this.payments.get(paymentKey);
    return payment?.mId === mId ? payment : undefined;
  }

  /** The payment that speaks for an order: the one that used up the order id, else the newest try. */
  findPaymentByOrder(mId: string, orderId: string): PaymentRecord | undefined {
    const payments = this.listPaymentsOfOrder(mId, orderId);
    return payments.find(usesUpOrderId) ?? payments.at(-1);
  }

  /** Oldest first. */
  listPaymentsOfOrder(mId: string, orderId: string): PaymentRecord[] {
    const paymentKeys = this.paymentKeysByOrder.get(orderKey(mId, orderId)) ?? [];
    return paymentKeys.flatMap((paymentKey) => this.payments.get(paymentKey) ?? []);
  }

  isOrderIdUsed(mId: string, orderId: string): boolean {
    const payment = this.findPaymentByOrder(mId, orderId);
    return payment !== undefined && usesUpOrderId(payment);
  }

  findAnswer(id: string, now: number): IdempotentAnswer | undefined {
    const answer = this.answers.get(id);
    return answer && now - answer.firstUsedAt < idempotencyLifeMs ? answer : undefined;
  }

  savePayment(payment: PaymentRecord): void {
    this.write(["payment", payment]);
  }

  saveBilling(billing: BillingRecord): void {
    this.write(["billing", billing]);
  }

  saveAuth(auth: AuthRecord): void {
    this.write(["auth", auth]);
  }

  saveWindow(window: WindowRecord): void {
    this.write(["window", window]);
  }

  saveAnswer(answer: IdempotentAnswer): void {
    this.forgetExpiredAnswers(answer.firstUsedAt);
    this.write(["answer", answer]);
  }

  saveClockOffset(offsetMs: number): void {
    this.write(["clock", offsetMs]);
  }

  commit(): void {
    if (this.pending.length === 0) return;
    const changes = this.pending;
    this.pending = [];
    this.journal?.append(changes);
  }

  /** Empties the books; the clock keeps its place, since time only goes on. */
  reset(): void {
    for (const map of [
      this.payments,
      this.billings,
      this.auths,
      this.windows,
      this.answers,
      this.paymentKeysByOrder,
    ]) {
      map.clear();
    }
    this.pending = [];
    this.journal?.rewrite(this.snapshot());
  }

  close(): void {
    this.commit();
    this.journal?.close();
  }

  private write(change: Change): void {
    this.replay(change);
    if (this.journal) this.pending.push(change);
  }

  private replay([kind, value]: Change): void {
    // Only this class writes the journal, and `readJournal` refuses files that lack its header.
    switch (kind) {
      case "payment":
        this.indexPayment(value as PaymentRecord);
        break;
      case "billing":
        this.billings.set((value as BillingRecord).billingKey, value as BillingRecord);
        break;
      case "auth":
        this.auths.set((value as AuthRecord).authKey, value as AuthRecord);
        break;
      case "window":
        this.windows.set((value as WindowRecord).id, value as WindowRecord);
        break;
      case "answer":
        this.answers.set((value as IdempotentAnswer).id, value as IdempotentAnswer);
        break;
      case "clock":
        this.clockOffsetMs = value as number;
        break;
      default:
        throw new Error(`The journal holds an unknown change "${kind}".`);
    }
  }

  private indexPayment(payment: PaymentRecord): void {
    const isNew = !this.payments.has(payment.paymentKey);
    this.payments.set(payment.paymentKey, payment);
    if (!isNew) return;
    const key = orderKey(payment.mId, payment.orderId);
    const paymentKeys = this.paymentKeysByOrder.get(key);
    if (paymentKeys) paymentKeys.push(payment.paymentKey);
    else this.paymentKeysByOrder.set(key, [payment.paymentKey]);
  }

  private *snapshot(): Generator<Change> {
    yield ["clock", this.clockOffsetMs];
    for (const payment of this.payments.values()) yield ["payment", payment];
    for (const billing of this.billings.values()) yield ["billing", billing];
    for (const auth of this.auths.values()) yield ["auth", auth];
    for (const window of this.windows.values()) yield ["window", window];
    for (const answer of this.answers.values()) yield ["answer", answer];
  }

  private forgetExpiredAnswers(now: number): void {
    for (const answer of this.answers.values()) {
      if (now - answer.firstUsedAt < idempotencyLifeMs) return;
      this.answers.delete(answer.id);
    }
  }
}

/** A window may be opened again for an order; a charge by billing key, or an approval, uses the order id up. */
function usesUpOrderId(payment: PaymentRecord): boolean {
  return payment.type === "BILLING" || payment.approvedAt !== null;
}

function orderKey(mId: string, orderId: string): string {
  return `${mId}\n${orderId}`;
}
