/**
 * Writes what became of a refund: its row, what is set aside on the charge, the ledger, the audit trail and the message
 * to send, in one transaction that holds the charge. What was recorded before is left alone.
 */

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
import { isOpen, settleAgainAt } from "@/lib/billing/charge/charge";
import { refundDone } from "@/lib/billing/ledger/ledger";
import { parseWon, type Won } from "@/lib/billing/money";
import {
  type Cancel,
  type ExecutedPayment,
  isSeenToday,
  NOTHING_LEFT,
  unclaimedCancels,
  vatOfCancels,
} from "@/lib/billing/refund/refund";
import type { CancelOutcome } from "@/lib/gateway/gateway";
import { inTransaction, JOB, providerActor, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";

/** Records what Toss answered to the call of a refund. */
export async function recordRefund(
  deps: ClockAndIds,
  refundId: string,
  outcome: CancelOutcome,
): Promise<void> {
  await inTransaction(deps, JOB, async (work) => {
    const { tx } = work;
    const held = await lockRefund(tx, refundId);
    if (!held) throw new Error(`No refund ${refundId}`);
    const { refund, charge } = held;
    if (!isOpen(refund)) return;
    const all = await listRefunds(tx, charge.id);
    switch (outcome.kind) {
      case "canceled": {
        const { transactionKey, canceledAt, balanceWon, vatWon } = outcome;
        const isOurs =
          balanceWon === (refund.lockWon ?? 0) - refund.amountWon &&
          !all.some((other) => other.transactionKey === transactionKey);
        if (!isOurs) return leaveOpen(work, held, { reason: "answer-differs", keySpent: false });
        const cancel = { amountWon: refund.amountWon, balanceAfterWon: balanceWon };
        const [vat = parseWon(0)] = vatOfCancels(
          { beforeWon: vatLeft(charge, all), nowWon: vatWon },
          [cancel],
        );
        return complete(work, held, { transactionKey, canceledAt, vatWon: vat });
      }
      case "refused":
        return closeRefused(work, held, outcome.code);
      case "unknown":
        return leaveOpen(work, held, outcome);
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
  work: Work,
  held: LockedCharge,
  {
    payment,
    own = null,
  }: {
    readonly payment: ExecutedPayment;
    readonly own?: { readonly refund: Refund; readonly cancel: Cancel } | null;
  },
): Promise<boolean> {
  const { tx, now } = work;
  const { provider } = held.charge;
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
      await complete(work, { ...held, refund: own.refund }, split);
    } else if (await makeRoom(work, held, cancel.amountWon)) {
      const refund = await insertRefund(tx, {
        id: work.newId("refund"),
        chargeId: held.charge.id,
        accountId: held.charge.accountId,
        provider,
        requestId: `${provider}:${cancel.transactionKey}`,
        amountWon: cancel.amountWon,
        reason: cancel.reason,
        requestedBy: provider,
        status: "pending",
        idempotencyKey: work.newId("idempotencyKey"),
        createdAt: now,
      });
      await complete(work, { ...held, refund }, split);
    } else {
      isAllBooked = false;
    }
  }
  return isAllBooked;
}

/** Ends an open refund without money, and gives back what was set aside for it. */
export async function closeRefused(work: Work, held: LockedRefund, code: string): Promise<void> {
  const { tx, now } = work;
  const { refund, charge, title, userId, subjectId } = held;
  await saveRefund(tx, refund.id, {
    status: "refused",
    refusedCode: code,
    ...closed(now),
  });
  await releaseRefund(tx, charge.id, refund.amountWon);
  await wakeWaiting(work, charge.id);
  const wasTold = refund.status === "unknown";
  if (wasTold) {
    const notice = { kind: "refund-failed", title, amountWon: refund.amountWon } as const;
    await work.notify({ userId, about: refund.id, notice });
  }
  log("error", "refund.refused", { refundId: refund.id, chargeId: charge.id, code });
  await audit(work, { refund, subjectId }, { action: "refund.refused", code });
}

async function complete(
  work: Work,
  { charge, refund, title, userId, subjectId }: LockedRefund,
  cancel: Pick<Cancel, "transactionKey" | "canceledAt"> & { readonly vatWon: Won },
): Promise<void> {
  const { tx, now } = work;
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
    journalId: work.newId("journal"),
    invoiceId: charge.invoiceId,
    chargeId: charge.id,
    refundId: refund.id,
    postings: refundDone({ amountWon, suppliedWon, vatWon }),
  };
  await appendJournals(tx, [journal], now);
  await wakeWaiting(work, charge.id);
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
  await work.notify({ userId, about: refund.id, notice });
  await audit(work, { refund, subjectId }, { action: "refund.done", transactionKey, vatWon });
}

async function leaveOpen(
  work: Work,
  { refund, title, userId, subjectId }: LockedRefund,
  { reason, keySpent }: { readonly reason: string; readonly keySpent: boolean },
): Promise<void> {
  const { tx, now } = work;
  await saveRefund(tx, refund.id, {
    status: "unknown",
    unknownReason: reason,
    keySpent: refund.keySpent || keySpent,
    leasedUntil: null,
    settleAt: settleAgainAt(now, refund.settleTries),
  });
  const notice = { kind: "refund-requested", title, amountWon: refund.amountWon } as const;
  await work.notify({ userId, about: refund.id, notice });
  await audit(work, { refund, subjectId }, { action: "refund.unknown", reason });
}

/** Sets the amount aside; where nothing is left, the newest refunds that were never sent make room. */
async function makeRoom(work: Work, held: LockedCharge, amountWon: Won): Promise<boolean> {
  const { tx } = work;
  const waiting = (await listRefunds(tx, held.charge.id)).filter(
    (refund) => refund.status === "pending" && refund.calledAt === null,
  );
  while (!(await reserveRefund(tx, held.charge.id, amountWon))) {
    const newest = waiting.pop();
    if (!newest) return false;
    await closeRefused(work, { ...held, refund: newest }, NOTHING_LEFT);
  }
  return true;
}

/** Refunds of the charge that waited for this one are sent now. */
async function wakeWaiting(work: Work, chargeId: string): Promise<void> {
  const { tx, now } = work;
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
  work: Work,
  { refund, subjectId }: Pick<LockedRefund, "refund" | "subjectId">,
  { action, ...details }: { readonly action: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const { id, amountWon, chargeId, requestedBy, provider } = refund;
  return work.audit({
    by: requestedBy === provider ? providerActor(provider) : JOB,
    action,
    subjectId,
    details: { refundId: id, chargeId, amountWon, ...details },
  });
}
