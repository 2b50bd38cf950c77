/**
 * Writes what became of attempts to collect: the attempt, its invoice, the subscription's next period and date, the
 * ledger, the audit trail and the messages to send, all in one transaction. Attempts that were recorded before are
 * left alone, so the same outcome can be recorded any number of times, by anybody.
 */

import { lockOpenCharges, saveOutcomes } from "@/db/charge";
import { updateUnknownsInARow } from "@/db/charge-pacing";
import { insertStop } from "@/db/charging-stop";
import { lockCheckoutsOfCharges } from "@/db/checkout";
import { lockSubscriptionsOfCharges } from "@/db/subscription";
import { type ChargeOutcome, settleAgainAt, withVat } from "@/lib/billing/charge/charge";
import { classifyTogether, decideStop, tellOfToss } from "@/lib/billing/charge/stop";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";
import { recordApprovals } from "./record-approvals";
import { recordDeclines } from "./record-declines";
import type { RecordedCharge } from "./recorded-charge";

export type ChargeResult = { readonly chargeId: string; readonly outcome: ChargeOutcome };

export async function recordOutcomes(
  deps: ClockAndIds,
  results: readonly ChargeResult[],
): Promise<void> {
  if (results.length > 0)
    await inTransaction(deps, JOB, (work) => recordInTransaction(work, results));
}

/** The same, in a transaction of the caller's that holds no row but those of these attempts. */
export async function recordInTransaction(
  work: Work,
  results: readonly ChargeResult[],
): Promise<void> {
  const { tx, now } = work;
  const outcomes = new Map(
    classifyTogether(results).map((result) => [result.chargeId, withVat(result.outcome)]),
  );
  const ids = [...outcomes.keys()];
  await lockCheckoutsOfCharges(tx, ids);
  const subscriptions = await lockSubscriptionsOfCharges(tx, ids);
  const recorded = (await lockOpenCharges(tx, ids)).flatMap((row): RecordedCharge[] => {
    const outcome = outcomes.get(row.charge.id);
    const subscription = subscriptions.get(row.invoice.subscriptionId ?? "") ?? null;
    return outcome ? [{ ...row, outcome, subscription }] : [];
  });

  await saveOutcomes(
    tx,
    recorded.map(({ charge, outcome }) => ({
      id: charge.id,
      outcome,
      settleAt:
        outcome.kind === "unknown" && !outcome.review
          ? settleAgainAt(now, charge.settleTries)
          : null,
    })),
    now,
  );
  await recordApprovals(work, recorded);
  await recordDeclines(work, recorded);
  await stopCharging(work, recorded);
  await work.audit(
    ...recorded.map(({ charge, invoice, outcome }) => ({
      action: `charge.${outcome.kind}`,
      subjectId: invoice.subscriptionId ?? invoice.id,
      details: {
        chargeId: charge.id,
        orderId: charge.orderId,
        amountWon: charge.amountWon,
        ...reasonOf(outcome),
      },
    })),
  );
}

/** Stops automatic charging where the outcomes say that it would fail for everybody. */
async function stopCharging(work: Work, recorded: readonly RecordedCharge[]): Promise<void> {
  const { tx, now } = work;
  // What a customer brings back from the payment window says nothing about cards that are charged by billing key.
  const outcomes = recorded.flatMap((row) => (row.charge.paymentMethodId ? [row.outcome] : []));
  const unknownsInARow = await updateUnknownsInARow(tx, tellOfToss(outcomes));
  const stop = decideStop(outcomes, unknownsInARow, now);
  if (stop === null || !(await insertStop(tx, { id: work.newId("stop"), ...stop }, now))) return;
  log("error", "charging.stopped", stop);
  const details = { kind: stop.kind, reason: stop.reason, resumesAt: stop.resumesAt };
  await work.audit({ action: "charging.stopped", subjectId: stop.kind, details });
}

function reasonOf(outcome: ChargeOutcome): Readonly<Record<string, unknown>> {
  switch (outcome.kind) {
    case "approved":
      return {};
    case "declined":
      return { code: outcome.code, declineClass: outcome.declineClass };
    case "unknown":
      return { reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}
