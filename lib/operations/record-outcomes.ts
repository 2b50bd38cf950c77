/**
 * Writes what became of attempts to collect: the attempt, its invoice, the subscription's next period and date, the
 * ledger, the audit trail and the messages to send, all in one transaction. Attempts that were recorded before are
 * left alone, so the same outcome can be recorded any number of times, by anybody.
 */
import { writeAudit } from "@/db/audit";
import { countDeclines, lockOpenCharges, recordOutcomes as writeOutcomes } from "@/db/charges";
import { completeCheckouts, lockCheckoutsOfCharges, renewOrderId } from "@/db/checkouts";
import { type Tx, transaction } from "@/db/client";
import { closeInvoices } from "@/db/invoices";
import { appendJournals } from "@/db/ledger";
import { countUnknowns, insertStop } from "@/db/pacing";
import { scheduleKeyDeletion } from "@/db/payment-methods";
import { lockSubscriptionsOfCharges, saveSubscriptions } from "@/db/subscriptions";
import { seoulDayOf } from "@/lib/billing/calendar";
import { type ChargeOutcome, settleDelayMs } from "@/lib/billing/charge";
import { chargeApproved } from "@/lib/billing/ledger";
import type { Notice } from "@/lib/billing/message";
import { decideStop } from "@/lib/billing/stop";
import {
  afterApproval,
  afterDecline,
  nextActionAfter,
  nextActionAt,
  nextPeriod,
  type Subscription,
} from "@/lib/billing/subscription";
import type { Deps } from "@/lib/deps";
import { log } from "@/lib/log";
import { type BookedNotice, bookNotices } from "./book-notices";
import { closeUnpaidInvoices } from "./invoices";

export type ChargeResult = { readonly chargeId: string; readonly outcome: ChargeOutcome };

export async function recordOutcomes(
  deps: Pick<Deps, "clock" | "newId">,
  results: readonly ChargeResult[],
): Promise<void> {
  if (results.length > 0) await transaction((tx) => recordInTransaction(deps, tx, results));
}

type Locked = Awaited<ReturnType<typeof lockOpenCharges>>[number];
type Recorded = Locked & {
  readonly outcome: ChargeOutcome;
  readonly subscription: Subscription | null;
};

async function recordInTransaction(
  deps: Pick<Deps, "clock" | "newId">,
  tx: Tx,
  results: readonly ChargeResult[],
): Promise<void> {
  const now = deps.clock.now();
  const outcomes = new Map(results.map((result) => [result.chargeId, result.outcome]));
  const ids = [...outcomes.keys()];
  await lockCheckoutsOfCharges(tx, ids);
  const subscriptions = await lockSubscriptionsOfCharges(tx, ids);
  const recorded = (await lockOpenCharges(tx, ids)).flatMap((row): Recorded[] => {
    const outcome = outcomes.get(row.charge.id);
    const subscription = subscriptions.get(row.invoice.subscriptionId ?? "") ?? null;
    return outcome ? [{ ...row, outcome, subscription }] : [];
  });

  await writeOutcomes(
    tx,
    recorded.map(({ charge, outcome }) => ({
      id: charge.id,
      outcome,
      settleAt:
        outcome.kind === "unknown" && !outcome.review
          ? new Date(now.getTime() + settleDelayMs(charge.settleTries))
          : null,
    })),
    now,
  );
  await recordApprovals(deps, tx, recorded, now);
  await recordDeclines(deps, tx, recorded, now);
  await stopCharging(deps, tx, recorded, now);
  await writeAudit(
    tx,
    recorded.map(({ charge, invoice, outcome }) => ({
      actor: "system",
      action: `charge.${outcome.kind}`,
      subjectId: invoice.subscriptionId ?? invoice.id,
      details: {
        chargeId: charge.id,
        orderId: charge.orderId,
        amountWon: charge.amountWon,
        ...reasonOf(outcome),
      },
    })),
    now,
  );
}

/** Stops automatic charging where the outcomes say that it would fail for everybody. */
async function stopCharging(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  recorded: readonly Recorded[],
  now: Date,
): Promise<void> {
  const outcomes = recorded.map((row) => row.outcome);
  const unknowns = outcomes.filter((outcome) => outcome.kind === "unknown").length;
  const unknownsInARow = await countUnknowns(tx, {
    unknowns,
    isKnownAmong: unknowns < outcomes.length,
  });
  const stop = decideStop(outcomes, unknownsInARow, now);
  if (stop === null || !(await insertStop(tx, deps.newId("stop"), stop, now))) return;
  log("error", "charging.stopped", stop);
  const details = { kind: stop.kind, reason: stop.reason, resumesAt: stop.resumesAt };
  await writeAudit(
    tx,
    [{ actor: "system", action: "charging.stopped", subjectId: stop.kind, details }],
    now,
  );
}

async function recordApprovals(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  recorded: readonly Recorded[],
  now: Date,
): Promise<void> {
  const approved = recorded.flatMap((row) =>
    row.outcome.kind === "approved" ? [{ ...row, outcome: row.outcome }] : [],
  );
  if (approved.length === 0) return;
  const today = seoulDayOf(now);
  await closeInvoices(
    tx,
    approved.map((row) => row.invoice.id),
    "paid",
    now,
  );
  await appendJournals(
    tx,
    approved.map(({ charge, invoice, outcome }) => ({
      journalId: deps.newId("journal"),
      invoiceId: invoice.id,
      chargeId: charge.id,
      postings: chargeApproved(outcome),
    })),
    now,
  );

  const changes = approved.flatMap(({ charge, subscription }) => {
    if (!subscription || subscription.status === "ended") return [];
    const paid = afterApproval(subscription);
    // A new card that paid what was overdue takes the old one's place. A renewal under way while the card was changed
    // was paid with the old one, and changes nothing about that.
    const isNewCard =
      isExtraTry(charge, subscription) && charge.paymentMethodId !== subscription.paymentMethodId;
    const after = isNewCard ? { ...paid, paymentMethodId: charge.paymentMethodId } : paid;
    return [{ after, replaced: isNewCard ? subscription.paymentMethodId : null }];
  });
  await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({
      subscription: after,
      nextActionAt: nextActionAfter(after, today),
    })),
    now,
  );
  await scheduleKeyDeletion(
    tx,
    changes.map((change) => change.replaced),
    now,
  );
  await completeCheckouts(
    tx,
    approved.flatMap(({ invoice, subscription }) => {
      const id = subscription
        ? subscription.status === "incomplete"
          ? subscription.checkoutId
          : null
        : invoice.checkoutId;
      return id ? [id] : [];
    }),
    now,
  );
  const after = new Map(changes.map((change) => [change.after.id, change.after]));
  await bookNotices(
    deps,
    tx,
    approved.map(({ charge, invoice, outcome, userId }): BookedNotice => {
      const running = after.get(invoice.subscriptionId ?? "");
      return {
        userId,
        about: charge.id,
        notice: {
          kind: "paid",
          title: invoice.title,
          amountWon: outcome.amountWon,
          receiptUrl: outcome.receiptUrl,
          nextChargeOn: running && running.cancelsOn === null ? nextPeriod(running).startsOn : null,
        },
      };
    }),
    now,
  );
}

async function recordDeclines(
  deps: Pick<Deps, "newId">,
  tx: Tx,
  recorded: readonly Recorded[],
  now: Date,
): Promise<void> {
  const declined = recorded.flatMap((row) =>
    row.outcome.kind === "declined" ? [{ ...row, outcome: row.outcome }] : [],
  );
  if (declined.length === 0) return;
  const today = seoulDayOf(now);
  const repeats = await countDeclines(
    tx,
    declined.map((row) => row.invoice.id),
  );

  const extraTries = declined.flatMap(({ charge, subscription }) =>
    subscription && isExtraTry(charge, subscription) ? [{ charge, subscription }] : [],
  );
  // A card tried on the customer's own click changes no schedule: the booked tries stand. A card that was registered
  // to replace another and could not pay is not kept.
  await saveSubscriptions(
    tx,
    extraTries.map(({ subscription }) => ({
      subscription,
      nextActionAt: nextActionAt(subscription),
    })),
    now,
  );
  await scheduleKeyDeletion(
    tx,
    extraTries.map(({ charge, subscription }) =>
      charge.paymentMethodId === subscription.paymentMethodId ? null : charge.paymentMethodId,
    ),
    now,
  );

  const changes = declined.flatMap(({ charge, invoice, outcome, subscription, userId }) => {
    if (!subscription || subscription.status === "ended" || isExtraTry(charge, subscription))
      return [];
    const sameCodeInARow = repeats.get(`${invoice.id} ${outcome.code}`) ?? 1;
    const after = afterDecline(
      subscription,
      { code: outcome.code, declineClass: outcome.declineClass, sameCodeInARow },
      today,
    );
    return [{ invoice, outcome, userId, after }];
  });
  await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({
      subscription: after,
      nextActionAt: nextActionAfter(after, today),
    })),
    now,
  );
  const ended = changes.filter((change) => change.after.status === "ended");
  await closeUnpaidInvoices(
    deps,
    tx,
    ended.map((change) => change.invoice.id),
    "uncollectible",
    now,
  );
  await scheduleKeyDeletion(
    tx,
    ended.map((change) => change.after.paymentMethodId),
    now,
  );
  for (const { invoice } of declined) {
    if (!invoice.subscriptionId && invoice.checkoutId)
      await renewOrderId(tx, invoice.checkoutId, deps.newId("order"));
  }
  await bookNotices(deps, tx, changes.flatMap(noticeOfDecline), now);
}

function isExtraTry(charge: Locked["charge"], subscription: Subscription): boolean {
  return (
    charge.trigger === "customer" &&
    subscription.status === "past-due" &&
    subscription.cancelsOn === null
  );
}

function noticeOfDecline({
  after,
  invoice,
  outcome,
  userId,
}: {
  after: Subscription;
  invoice: Locked["invoice"];
  outcome: Extract<ChargeOutcome, { kind: "declined" }>;
  userId: string;
}): BookedNotice[] {
  const about = (notice: Notice) => [
    {
      userId,
      about: `${invoice.id}:${outcome.code}:${after.status === "past-due" ? after.nextTryOn : ""}`,
      notice,
    },
  ];
  if (after.status === "ended") {
    return about({ kind: "ended", planName: invoice.title, reason: after.endReason });
  }
  if (after.status !== "past-due" || outcome.declineClass === "config") return [];
  return about({
    kind: "payment-failed",
    title: invoice.title,
    amountWon: invoice.totalWon,
    code: outcome.code,
    nextTryOn: after.nextTryOn,
    endsOn: after.endsUnpaidOn,
  });
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
