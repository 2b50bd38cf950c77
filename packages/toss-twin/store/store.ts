import { setImmediate as nextTurn } from "node:timers/promises";
import { fromStored, type IdempotentAnswer, type StoredAnswer, toStored } from "./answers";
import { type Change, type Journal, openJournal, readJournal } from "./journal";
import { Ledger } from "./ledger";
import type {
  AuthRecord,
  BillingRecord,
  DeliveryRecord,
  PaymentRecord,
  ReceiptRecord,
  RegistrationRecord,
  WindowRecord,
} from "./records";

const dayMs = 24 * 3_600_000;
const idempotencyLifeMs = 15 * dayMs;
const windowMemoryMs = dayMs;
const authMemoryMs = 100 * dayMs;
const keptDeliveries = 5_000;

/**
 * Everything Toss would have in its books. Each `save` takes effect in memory at once and is written with the next
 * `commit`, in one line: a call's payment and its stored answer survive together or not at all.
 */
export class Store {
  readonly payments = new Map<string, PaymentRecord>();
  readonly billings = new Map<string, BillingRecord>();
  readonly auths = new Map<string, AuthRecord>();
  readonly windows = new Map<string, WindowRecord>();
  readonly receipts = new Map<string, ReceiptRecord>();
  readonly registrations = new Map<string, RegistrationRecord>();
  readonly deliveries = new Map<string, DeliveryRecord>();
  readonly ledger = new Ledger();
  private readonly answers = new Map<string, IdempotentAnswer>();
  /** The payment of an order; a list only for the rare order with more than one try. */
  private readonly paymentKeysByOrder = new Map<string, string | string[]>();
  private readonly journal: Journal | null;
  private pending: Change[] = [];
  private nextCommit: Promise<void> | null = null;
  clockOffsetMs = 0;

  /** The journal is rewritten when it is larger than `compactAboveBytes` and mostly of the past. */
  constructor(stateFile: string | undefined, compactAboveBytes = 64 * 1024 * 1024) {
    if (stateFile === undefined) {
      this.journal = null;
      return;
    }
    for (const change of readJournal(stateFile)) this.replay(change);
    this.journal = openJournal(stateFile, compactAboveBytes);
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
    const found = this.paymentKeysByOrder.get(orderKey(mId, orderId)) ?? [];
    const paymentKeys = typeof found === "string" ? [found] : found;
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
    forget(this.auths, ({ createdAt }) => auth.createdAt - createdAt > authMemoryMs);
    this.write(["auth", auth]);
  }

  saveWindow(window: WindowRecord): void {
    forget(this.windows, ({ createdAt }) => window.createdAt - createdAt > windowMemoryMs);
    this.write(["window", window]);
  }

  saveReceipt(receipt: ReceiptRecord): void {
    this.write(["receipt", receipt]);
  }

  saveRegistration(registration: RegistrationRecord): void {
    this.write(["registration", registration]);
  }

  removeRegistration(id: string): boolean {
    const isThere = this.registrations.has(id);
    if (isThere) this.write(["registration-removed", id]);
    return isThere;
  }

  saveDelivery(delivery: DeliveryRecord): void {
    forget(
      this.deliveries,
      ({ dueAt }) => this.deliveries.size >= keptDeliveries && dueAt === null,
    );
    this.write(["delivery", delivery]);
  }

  saveAnswer(answer: IdempotentAnswer): void {
    const now = answer.firstUsedAt;
    forget(this.answers, ({ firstUsedAt }) => now - firstUsedAt >= idempotencyLifeMs);
    this.answers.set(answer.id, answer);
    if (this.journal) this.pending.push(["answer", toStored(answer, this.payments)]);
  }

  saveClockOffset(offsetMs: number): void {
    this.write(["clock", offsetMs]);
  }

  commit(): void {
    if (this.pending.length === 0) return;
    const changes = this.pending;
    this.pending = [];
    if (!this.journal) return;
    try {
      this.journal.append(changes);
    } catch (error) {
      this.pending = [...changes, ...this.pending];
      throw error;
    }
    if (this.journal.isOvergrown()) this.journal.rewrite(this.snapshot());
  }

  /** Resolves when all changes are written; calls that end in the same moment share one write, or its failure. */
  committed(): Promise<void> {
    if (this.pending.length === 0) return Promise.resolve();
    this.nextCommit ??= nextTurn().then(() => {
      this.nextCommit = null;
      this.commit();
    });
    return this.nextCommit;
  }

  /** Empties the books; the clock keeps its place, since time only goes on, and so do the webhook addresses. */
  reset(): void {
    this.clear();
    this.journal?.rewrite(this.snapshot());
  }

  /** The books as a list of changes, from which `restore` makes them again. */
  *snapshot(): Generator<Change> {
    yield ["clock", this.clockOffsetMs];
    for (const payment of this.payments.values()) yield ["payment", payment];
    for (const billing of this.billings.values()) yield ["billing", billing];
    for (const auth of this.auths.values()) yield ["auth", auth];
    for (const window of this.windows.values()) yield ["window", window];
    for (const receipt of this.receipts.values()) yield ["receipt", receipt];
    for (const registration of this.registrations.values()) yield ["registration", registration];
    for (const delivery of this.deliveries.values()) yield ["delivery", delivery];
    for (const answer of this.answers.values()) yield ["answer", toStored(answer, this.payments)];
  }

  /** Takes the books of `changes` in place of its own. */
  restore(changes: Iterable<Change>): void {
    const { clockOffsetMs } = this;
    this.clear();
    this.registrations.clear();
    for (const change of changes) this.replay(change);
    this.clockOffsetMs = Math.max(this.clockOffsetMs, clockOffsetMs);
    this.journal?.rewrite(this.snapshot());
  }

  close(): void {
    this.commit();
    this.journal?.close();
  }

  private clear(): void {
    for (const map of [
      this.payments,
      this.billings,
      this.auths,
      this.windows,
      this.receipts,
      this.deliveries,
      this.answers,
      this.paymentKeysByOrder,
      this.ledger,
    ]) {
      map.clear();
    }
    this.pending = [];
  }

  private write(change: Change): void {
    this.replay(change);
    if (this.journal) this.pending.push(change);
  }

  private replay([kind, value]: Change): void {
    // Only this class writes the journal, `readJournal` refuses files that lack its header, and imports are checked.
    switch (kind) {
      case "payment":
        this.indexPayment(withFields(value as PaymentRecord, paymentFields));
        break;
      case "billing": {
        const billing = withFields(value as BillingRecord, billingFields);
        this.billings.set(billing.billingKey, billing);
        break;
      }
      case "auth": {
        const auth = withFields(value as AuthRecord, { method: "card" });
        this.auths.set(auth.authKey, auth);
        break;
      }
      case "window": {
        const window = withFields(value as WindowRecord, { method: "card" });
        this.windows.set(window.id, window);
        break;
      }
      case "receipt":
        this.receipts.set((value as ReceiptRecord).receiptKey, value as ReceiptRecord);
        break;
      case "registration":
        this.registrations.set((value as RegistrationRecord).id, value as RegistrationRecord);
        break;
      case "registration-removed":
        this.registrations.delete(value as string);
        break;
      case "delivery":
        this.deliveries.set((value as DeliveryRecord).id, value as DeliveryRecord);
        break;
      case "answer": {
        const answer = fromStored(value as StoredAnswer, this.payments);
        if (answer) this.answers.set(answer.id, answer);
        break;
      }
      case "clock":
        this.clockOffsetMs = value as number;
        break;
      default:
        throw new Error(`The journal holds an unknown change "${kind}".`);
    }
  }

  private indexPayment(payment: PaymentRecord): void {
    const previous = this.payments.get(payment.paymentKey);
    this.payments.set(payment.paymentKey, payment);
    this.ledger.enter(payment, previous);
    if (previous) return;
    const key = orderKey(payment.mId, payment.orderId);
    const others = this.paymentKeysByOrder.get(key);
    if (others === undefined) this.paymentKeysByOrder.set(key, payment.paymentKey);
    else this.paymentKeysByOrder.set(key, [others, payment.paymentKey].flat());
  }
}

/** What journals of the first format lack. */
const paymentFields = {
  keySet: "individual",
  billingKey: null,
  virtualAccount: null,
  transfer: null,
  cashReceipts: [],
} as const;

const billingFields = { account: null, firstChargedAt: null, lastChargedAt: null } as const;

function withFields<Value extends object>(value: Value, fields: Partial<Value>): Value {
  for (const name in fields) if (!(name in value)) return { ...fields, ...value };
  return value;
}

/** Drops the oldest entries for as long as they are to be forgotten. */
function forget<Value>(map: Map<string, Value>, isToBeForgotten: (value: Value) => boolean): void {
  for (const [key, value] of map) {
    if (!isToBeForgotten(value)) return;
    map.delete(key);
  }
}

/** A window may be opened again for an order; a charge by billing key, or an approval, uses the order id up. */
function usesUpOrderId(payment: PaymentRecord): boolean {
  return (
    payment.type === "BILLING" ||
    payment.approvedAt !== null ||
    payment.status === "WAITING_FOR_DEPOSIT" ||
    payment.cancels.length > 0
  );
}

function orderKey(mId: string, orderId: string): string {
  return `${mId}\n${orderId}`;
}
