/**
 * Writes what became of a refund: its row, what is set aside on the charge, the ledger, the audit trail and the message
 * to send, in one transaction that holds the charge. What was recorded before is left alone.
 */
import { writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
import { appendJournals } from "@/db/ledger";
import {
  insertRefund,
  type LockedCharge,
  type LockedRefund,
  listRefunds,
  lockRefund,
  type Refund,
  releaseRefund,
  reserveRefund,
  saveRefund,
} from "@/db/refund";
import { settleDelayMs } from "@/lib/billing/charge/charge";
import { refundDone } from "@/lib/billing/ledger/ledger";
import { parseWon, type Won } from "@/lib/billing/money";
import {
  type Cancel,
  type ExecutedPayment,
  isSeenToday,
  unclaimedCancels,
  vatOfCancels,
} from "@/lib/billing/refund/refund";
import { bookNotices } from "@/lib/operations/message/book";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import type { CancelOutcome } from "@/lib/toss/gateway";

type RecordDeps = Pick<Deps, "clock" | "newId">;

/** Records what Toss answered to the call of a refund. */
export async function recordRefund(
  deps: RecordDeps,
  refundId: string,
  outcome: CancelOutcome,
): Promise<void> {
  await transaction(async (tx) => {
    const now = deps.clock.now();
    const held = await lockRefund(tx, refundId);
    if (!held) throw new Error(`No refund ${refundId}`);
    const { refund, charge } = held;
    if (refund.status !== "pending" && refund.status !== "unknown") return;
    const all = await listRefunds(tx, charge.id);
    switch (outcome.kind) {
      case "canceled": {
        const { transactionKey, canceledAt, balanceWon, vatWon } = outcome;
        const isOurs =
          balanceWon === (refund.lockWon ?? 0) - refund.amountWon &&
          !all.some((other) => other.transactionKey === transactionKey);
        if (!isOurs) return leaveOpen(deps, tx, held, "answer-differs", false, now);
        const cancel = { amountWon: refund.amountWon, balanceAfterWon: balanceWon };
        const [vat = parseWon(0)] = vatOfCancels(
          { beforeWon: vatLeft(charge, all), nowWon: vatWon },
          [cancel],
        );
        return complete(deps, tx, held, refund, { transactionKey, canceledAt, vatWon: vat }, now);
      }
      case "refused":
        return refuseRefund(deps, tx, held, outcome.code, now);
      case "unknown":
        return leaveOpen(deps, tx, held, outcome.reason, outcome.keySpent, now);
      default:
        return outcome satisfies never;
    }
  });
}

/**
 * Books every cancel at Toss that no refund owns: `own` completes the refund it belongs to, any other was made at Toss
 * by hand and becomes a refund of its own. Refunds that wait and find no room any more are refused. Returns whether
 * all of them could be booked: one that has left for Toss keeps its room until its outcome is known.
 */
export async function bookCancels(
  deps: RecordDeps,
  tx: Tx,
  held: LockedCharge,
  payment: ExecutedPayment,
  own: { readonly refund: Refund; readonly cancel: Cancel } | null,
  now: Date,
): Promise<boolean> {
  const all = await listRefunds(tx, held.charge.id);
  const keys = all.flatMap((refund) => (refund.transactionKey ? [refund.transactionKey] : []));
  const cancels = unclaimedCancels(payment, new Set(keys));
  const vats = vatOfCancels(
    { beforeWon: vatLeft(held.charge, all), nowWon: payment.vatWon },
    cancels,
  );
  let isAllBooked = true;
  for (const [at, cancel] of cancels.entries()) {
    const split = { ...cancel, vatWon: vats[at] ?? parseWon(0) };
    if (own?.cancel.transactionKey === cancel.transactionKey) {
      await complete(deps, tx, held, own.refund, split, now);
    } else if (await makeRoom(deps, tx, held, cancel.amountWon, now)) {
      const refund = await insertRefund(tx, {
        id: deps.newId("refund"),
        chargeId: held.charge.id,
        customerId: held.charge.customerId,
        requestId: `toss:${cancel.transactionKey}`,
        amountWon: cancel.amountWon,
        reason: cancel.reason,
        requestedBy: "toss",
        status: "pending",
        idempotencyKey: deps.newId("idempotencyKey"),
        createdAt: now,
      });
      await complete(deps, tx, held, refund, split, now);
    } else {
      isAllBooked = false;
    }
  }
  return isAllBooked;
}

/** Ends an open refund without money, and gives back what was set aside for it. */
export async function refuseRefund(
  deps: RecordDeps,
  tx: Tx,
  held: LockedRefund,
  code: string,
  now: Date,
): Promise<void> {
  const { refund, charge, title, userId, subjectId } = held;
  await saveRefund(tx, refund.id, {
    status: "refused",
    refusedCode: code,
    ...closed(now),
  });
  await releaseRefund(tx, charge.id, refund.amountWon);
  await wakeWaiting(tx, charge.id, now);
  const wasTold = refund.status === "unknown";
  if (wasTold) {
    const notice = { kind: "refund-failed", title, amountWon: refund.amountWon } as const;
    await bookNotices(deps, tx, [{ userId, about: refund.id, notice }], now);
  }
  log("error", "refund.refused", { refundId: refund.id, chargeId: charge.id, code });
  await audit(tx, subjectId, refund, { action: "refund.refused", code }, now);
}

async function complete(
  deps: RecordDeps,
  tx: Tx,
  { charge, title, userId, subjectId }: LockedCharge,
  refund: Refund,
  cancel: Pick<Cancel, "transactionKey" | "canceledAt"> & { readonly vatWon: Won },
  now: Date,
): Promise<void> {
  const { amountWon } = refund;
  const { transactionKey, canceledAt, vatWon } = cancel;
  const suppliedWon = parseWon(amountWon - vatWon);
  await saveRefund(tx, refund.id, {
    status: "done",
    transactionKey,
    canceledAt,
    suppliedWon,
    vatWon,
    ...closed(now),
  });
  const journal = {
    journalId: deps.newId("journal"),
    invoiceId: charge.invoiceId,
    chargeId: charge.id,
    refundId: refund.id,
    postings: refundDone({ amountWon, suppliedWon, vatWon }),
  };
  await appendJournals(tx, [journal], now);
  await wakeWaiting(tx, charge.id, now);
  const notice = {
    kind: "refund-done",
    title,
    amountWon,
    isSeenToday: isSeenToday({
      approvedAt: charge.approvedAt ?? canceledAt,
      canceledAt,
      isWhole: amountWon === charge.amountWon,
      now,
    }),
    receiptUrl: charge.receiptUrl,
  } as const;
  await bookNotices(deps, tx, [{ userId, about: refund.id, notice }], now);
  await audit(tx, subjectId, refund, { action: "refund.done", transactionKey, vatWon }, now);
}

async function leaveOpen(
  deps: RecordDeps,
  tx: Tx,
  { refund, title, userId, subjectId }: LockedRefund,
  reason: string,
  keySpent: boolean,
  now: Date,
): Promise<void> {
  await saveRefund(tx, refund.id, {
    status: "unknown",
    unknownReason: reason,
    keySpent: refund.keySpent || keySpent,
    leasedUntil: null,
    settleAt: new Date(now.getTime() + settleDelayMs(refund.settleTries)),
  });
  const notice = { kind: "refund-requested", title, amountWon: refund.amountWon } as const;
  await bookNotices(deps, tx, [{ userId, about: refund.id, notice }], now);
  await audit(tx, subjectId, refund, { action: "refund.unknown", reason }, now);
}

/** Sets the amount aside; where nothing is left, the newest refunds that were never sent make room. */
async function makeRoom(
  deps: RecordDeps,
  tx: Tx,
  held: LockedCharge,
  amountWon: Won,
  now: Date,
): Promise<boolean> {
  const waiting = (await listRefunds(tx, held.charge.id)).filter(
    (refund) => refund.status === "pending" && refund.calledAt === null,
  );
  while (!(await reserveRefund(tx, held.charge.id, amountWon))) {
    const newest = waiting.pop();
    if (!newest) return false;
    await refuseRefund(deps, tx, { ...held, refund: newest }, "NOT_CANCELABLE_AMOUNT", now);
  }
  return true;
}

/** Refunds of the charge that waited for this one are sent now. */
async function wakeWaiting(tx: Tx, chargeId: string, now: Date): Promise<void> {
  for (const { id, status, calledAt } of await listRefunds(tx, chargeId)) {
    if (status === "pending" && calledAt === null)
      await saveRefund(tx, id, { settleAt: now, leasedUntil: null });
  }
}

/** The VAT of the charge that was not given back yet. */
function vatLeft(charge: LockedCharge["charge"], all: readonly Refund[]): Won {
  const returned = all.reduce(
    (sum, refund) => sum + (refund.status === "done" ? (refund.vatWon ?? 0) : 0),
    0,
  );
  return parseWon((charge.vatWon ?? 0) - returned);
}

function closed(now: Date) {
  return {
    needsReview: false,
    unknownReason: null,
    settleAt: null,
    leasedUntil: null,
    closedAt: now,
  } as const;
}

function audit(
  tx: Tx,
  subjectId: string,
  refund: Refund,
  { action, ...details }: { readonly action: string } & Readonly<Record<string, unknown>>,
  now: Date,
): Promise<void> {
  const { id, amountWon, chargeId, requestedBy } = refund;
  return writeAudit(
    tx,
    [
      {
        actor: requestedBy === "toss" ? "toss" : "system",
        action,
        subjectId,
        details: { refundId: id, chargeId, amountWon, ...details },
      },
    ],
    now,
  );
}
