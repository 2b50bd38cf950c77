import type { PaymentRecord } from "./records";

/** One movement of money: an approval, or a cancel. */
export type Movement = {
  readonly at: number;
  readonly transactionKey: string;
  readonly paymentKey: string;
};

/** All movements in the order of time, so that a day can be read without looking at every payment. */
export class Ledger {
  private movements: Movement[] = [];
  /** How many movements did not come in the order of time. */
  private unsortedCount = 0;

  /** Enters what `payment` has and `previous`, its state before, had not. */
  enter(payment: PaymentRecord, previous: PaymentRecord | undefined): void {
    const { approvalKey, approvedAt, cancels, paymentKey } = payment;
    if (approvalKey !== null && approvedAt !== null && approvalKey !== previous?.approvalKey) {
      this.push({ at: approvedAt, transactionKey: approvalKey, paymentKey });
    }
    for (let index = previous?.cancels.length ?? 0; index < cancels.length; index += 1) {
      const cancel = cancels[index];
      if (cancel) {
        this.push({ at: cancel.canceledAt, transactionKey: cancel.transactionKey, paymentKey });
      }
    }
  }

  /** From the first instant up to and with the last one, oldest first. */
  *between(from: number, to: number): Generator<Movement> {
    if (this.unsortedCount > 0) {
      this.movements.sort((a, b) => a.at - b.at);
      this.unsortedCount = 0;
    }
    for (let index = this.firstFrom(from); index < this.movements.length; index += 1) {
      const movement = this.movements[index];
      if (!movement || movement.at > to) return;
      yield movement;
    }
  }

  clear(): void {
    this.movements = [];
  }

  private push(movement: Movement): void {
    const last = this.movements.at(-1);
    if (last && last.at > movement.at) this.unsortedCount += 1;
    this.movements.push(movement);
  }

  private firstFrom(from: number): number {
    let low = 0;
    let high = this.movements.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.movements[middle]?.at ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
