/**
 * Compares a Seoul day at Toss with what stands here, both ways. A difference is first looked into by asking Toss about
 * the payment itself: an answer that was lost is settled, a refund made by hand is adopted, a list that lags is
 * forgiven. What is left is a finding, and its won stay unexplained until it vanishes or a person resolves it.
 */

import {
  findBookedCharge,
  findBooks,
  insertReconciliation,
  isCancelBooked,
  listDaysNeverCompared,
  listDaysWithFindings,
  saveFindings,
} from "@/db/reconciliation";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { parseWon, sumWon, type Won } from "@/lib/billing/money";
import { RECONCILE_DAYS } from "@/lib/billing/policy";
import {
  compareBooks,
  type Difference,
  type ListedTransaction,
} from "@/lib/billing/reconciliation/reconciliation";
import { settleCharge } from "@/lib/operations/charge/settle";
import { adoptRefunds } from "@/lib/operations/refund/adopt";
import { inTransaction, JOB } from "@/lib/operations/work";
import type { ClockAndIds, Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";

export type ReconcileResult =
  | { readonly kind: "done"; readonly unexplainedWon: Won; readonly openCount: number }
  /** Toss's list could not be read to its end: nothing is said about the day. */
  | { readonly kind: "failed"; readonly reason: string };

const PAGE = 1_000;

/** So many differences of a day are looked into one by one, our own first; the rest are findings at once. */
const MAX_LOOKS = 500;

/** So many earlier days with open findings are looked at again, and so many that were never compared are made up for. */
const MAX_OLD_DAYS = 62;

/**
 * The days to compare this morning: yesterday, those before it that the list may have lagged for, open ones, and
 * those that a standstill left out.
 */
export async function listDaysToReconcile(deps: ClockAndIds): Promise<readonly CalendarDate[]> {
  const today = seoulDayOf(deps.clock.now());
  const recent = Array.from({ length: RECONCILE_DAYS }, (_, ago) => addDays(today, -1 - ago));
  const open = await listDaysWithFindings(MAX_OLD_DAYS);
  const missed = await listDaysNeverCompared(today, MAX_OLD_DAYS);
  return [...new Set([...recent, ...open, ...missed.map(({ day }) => day)])];
}

/** Compares one day; run again for any day it finds what is there now. */
export async function reconcileDay(
  deps: Deps,
  day: CalendarDate,
  { pageSize }: { pageSize: number } = { pageSize: PAGE },
): Promise<ReconcileResult> {
  const startedAt = deps.clock.now();
  const { provider } = deps.gateway;
  const listed = await listTransactions(deps, day, pageSize);
  if (listed.kind === "failed") {
    log("error", "reconciliation.failed", { day, reason: listed.reason });
    await inTransaction(deps, JOB, ({ tx, now, newId }) =>
      insertReconciliation(tx, {
        id: newId("reconciliation"),
        day,
        provider,
        startedAt,
        finishedAt: now,
        status: "failed",
        failure: listed.reason,
        ...totalsOf([]),
        unexplainedWon: parseWon(0),
      }),
    );
    return listed;
  }
  const { transactions } = listed;
  const found = await settleDifferences(
    deps,
    compareBooks(day, transactions, await findBooks(provider, day, transactions)),
  );
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now: finishedAt } = work;
    const left = await saveFindings(
      tx,
      { day, found: found.map((difference) => ({ id: work.newId("finding"), difference })) },
      finishedAt,
    );
    const id = work.newId("reconciliation");
    const totals = totalsOf(transactions);
    const { unexplainedWon } = left;
    await insertReconciliation(tx, {
      id,
      day,
      provider,
      startedAt,
      finishedAt,
      status: "done",
      failure: null,
      ...totals,
      unexplainedWon,
    });
    if (left.openCount > 0) log("error", "reconciliation.findings", { day, ...left });
    await work.audit({
      action: "reconciliation.done",
      subjectId: day,
      details: { ...left },
    });
    return { kind: "done", ...left };
  });
}

async function listTransactions(
  deps: Deps,
  day: CalendarDate,
  pageSize: number,
): Promise<
  | { kind: "listed"; transactions: readonly ListedTransaction[] }
  | Extract<ReconcileResult, { kind: "failed" }>
> {
  const byKey = new Map<string, ListedTransaction>();
  const starts = new Set<string>();
  for (let startingAfter: string | null = null; ; ) {
    const page = await deps.gateway.listTransactions(day, { startingAfter, limit: pageSize });
    if (page.kind === "unknown") return { kind: "failed", reason: page.reason };
    for (const transaction of page.transactions) byKey.set(transaction.transactionKey, transaction);
    if (page.next === null) return { kind: "listed", transactions: [...byKey.values()] };
    if (starts.has(page.next)) return { kind: "failed", reason: "pages-go-in-circles" };
    starts.add(page.next);
    startingAfter = page.next;
  }
}

async function settleDifferences(
  deps: Deps,
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const bySubject = new Map(differences.map((difference) => [difference.subject, difference]));
  const left: Difference[] = [];
  const isOurs = ({ chargeId }: Difference) => chargeId !== null;
  const all = [...bySubject.values()];
  const inTurn = [...all.filter(isOurs), ...all.filter((difference) => !isOurs(difference))];
  for (const [at, difference] of inTurn.entries()) {
    const seen = at < MAX_LOOKS ? await settleDifference(deps, difference) : difference;
    if (seen) left.push(seen);
  }
  return left;
}

/** Asks Toss about the payment of a difference and books what it tells; returns what is left, null when nothing is. */
async function settleDifference(deps: Deps, difference: Difference): Promise<Difference | null> {
  const { chargeId, paymentKey, transactionKey } = difference;
  switch (difference.kind) {
    case "missing-here":
      if (chargeId !== null && (await bookLostAnswer(deps, chargeId, paymentKey))) return null;
      return stillHeld(deps, difference);
    case "cancel-missing-here": {
      if (chargeId !== null) await adoptRefunds(deps, chargeId);
      return transactionKey !== null && (await isCancelBooked(transactionKey)) ? null : difference;
    }
    case "missing-there":
    case "cancel-missing-there": {
      const answer = paymentKey ? await deps.gateway.findPayment(paymentKey) : null;
      if (answer?.kind !== "executed") return difference;
      const { payment } = answer;
      const isThere =
        difference.kind === "missing-there"
          ? payment.orderId === difference.orderId && payment.totalWon === difference.unexplainedWon
          : payment.cancels.some((cancel) => cancel.transactionKey === transactionKey);
      return isThere ? null : difference;
    }
    case "amount-differs":
      return difference;
    default:
      return difference.kind satisfies never;
  }
}

/** Asks about an attempt whose outcome is open; whether it is booked over that payment now, with its refunds. */
export async function bookLostAnswer(
  deps: Deps,
  chargeId: string,
  paymentKey: string | null,
): Promise<boolean> {
  await settleCharge(deps, chargeId, "asker");
  const charge = await findBookedCharge(chargeId);
  if (charge?.status !== "approved" || charge.paymentKey !== paymentKey) return false;
  return adoptRefunds(deps, chargeId);
}

/** Of a payment that is not ours only what Toss still holds is unexplained. */
async function stillHeld(deps: Deps, difference: Difference): Promise<Difference | null> {
  if (difference.paymentKey === null) return difference;
  const answer = await deps.gateway.findPayment(difference.paymentKey);
  if (answer.kind !== "executed") return difference;
  const { balanceWon } = answer.payment;
  return balanceWon === 0 ? null : { ...difference, unexplainedWon: balanceWon };
}

function totalsOf(transactions: readonly ListedTransaction[]) {
  const sum = (kind: ListedTransaction["kind"]) =>
    sumWon(
      transactions.flatMap((transaction) =>
        transaction.kind === kind ? [transaction.amountWon] : [],
      ),
    );
  return {
    transactionCount: transactions.length,
    paidWon: sum("approval"),
    canceledWon: sum("cancel"),
  };
}
