import { scheduleKeyDeletion } from "@/db/card";
import { findPlanName } from "@/db/catalogue";
import { countDeclines } from "@/db/charge";
import { renewOrderId } from "@/db/checkout";
import type { Tx } from "@/db/client";
import { saveSubscriptions } from "@/db/subscription";
import { addDays, type CalendarDate, laterOf, seoulDayOf } from "@/lib/billing/calendar";
import type { Notice } from "@/lib/billing/message/message";
import type { Won } from "@/lib/billing/money";
import { accessEndsOn, classOfFailure, DUNNING, type Failure } from "@/lib/billing/renewal/dunning";
import {
  afterDecline,
  hasAccess,
  overdueSince,
  type PastDue,
  type Subscription,
} from "@/lib/billing/subscription/subscription";
import { closeUnpaidInvoices } from "@/lib/operations/invoice/open";
import type { BookedNotice } from "@/lib/operations/message/book";
import { recordEnds } from "@/lib/operations/subscription/record-ends";
import type { Work } from "@/lib/operations/work";
import { log } from "@/lib/runtime/log";
import {
  findTriesOfNewCards,
  isExtraTry,
  type RecordedCharge,
  withOutcome,
} from "./recorded-charge";

type Declined = ReturnType<typeof withOutcome<"declined">>[number];
type Change = Pick<Declined, "charge" | "invoice" | "outcome" | "userId"> & {
  readonly before: Subscription;
  readonly after: Subscription;
  /** Our own set-up is at fault: nothing changes, and the customer is told nothing. */
  readonly isOurFault: boolean;
};

/** What declined charges bring about: the next try or the end, and a message that says which. */
export async function recordDeclines(
  work: Work,
  recorded: readonly RecordedCharge[],
): Promise<void> {
  const { tx, now } = work;
  const declined = withOutcome(recorded, "declined");
  if (declined.length === 0) return;
  const repeats = await countDeclines(
    tx,
    declined.map((row) => row.invoice.id),
  );
  const extra = new Set(declined.filter((row) => changesNothing(row, failureOf(row, repeats))));
  await recordExtraTries(work, [...extra]);
  const booked = declined.filter((row) => !extra.has(row));
  const changes = await moveSubscriptions(work, booked, repeats);
  for (const { invoice } of declined) {
    if (!invoice.subscriptionId && invoice.checkoutId)
      await renewOrderId(tx, invoice.checkoutId, work.newId("order"));
  }
  const notices: BookedNotice[] = [];
  for (const change of changes) notices.push(...(await noticesOf(tx, change, seoulDayOf(now))));
  const after = new Map(changes.map((change) => [change.charge.id, change.after]));
  notices.push(...declined.flatMap((row) => returnedNoticeOf(row, after.get(row.charge.id))));
  await work.notify(...notices);
}

/**
 * A card tried on the customer's own click changes no schedule: the booked tries stand. One that was registered to
 * replace another and could not pay is not kept, unless our own set-up is why: then it is asked again the day after.
 */
async function recordExtraTries(work: Work, declined: readonly Declined[]): Promise<void> {
  const { tx, now } = work;
  const tries = declined.flatMap(({ charge, subscription, outcome }) =>
    subscription?.status === "past-due"
      ? [{ charge, subscription, isOurFault: outcome.declineClass === "config" }]
      : [],
  );
  const ofNewCards = await findTriesOfNewCards(tx, tries);
  const tomorrow = addDays(seoulDayOf(now), 1);
  const decided = tries.map(({ charge, subscription, isOurFault }) => {
    const isKept = isOurFault && ofNewCards.has(charge.id);
    const after: PastDue = isKept
      ? {
          ...subscription,
          paymentMethodId: charge.paymentMethodId,
          nextTryOn: tomorrow,
          endsUnpaidOn: laterOf(subscription.endsUnpaidOn, tomorrow),
        }
      : subscription;
    return { after, unwanted: isKept ? subscription.paymentMethodId : charge.paymentMethodId };
  });
  await saveSubscriptions(
    tx,
    decided.map(({ after }) => ({ subscription: after })),
    now,
  );
  await scheduleKeyDeletion(
    tx,
    decided.map(({ unwanted }) => unwanted),
    now,
  );
}

async function moveSubscriptions(
  work: Work,
  declined: readonly Declined[],
  repeats: ReadonlyMap<string, number>,
): Promise<readonly Change[]> {
  const { tx, now } = work;
  const today = seoulDayOf(now);
  const changes = declined.flatMap((row) => changeOf(row, failureOf(row, repeats), today));
  await saveSubscriptions(
    tx,
    changes.map(({ after }) => ({ subscription: after, notBefore: addDays(today, 1) })),
    now,
  );
  for (const { charge, outcome, isOurFault } of changes) {
    if (isOurFault && outcome.reason !== "not-executed")
      log("error", "charge.refused-for-our-set-up", { chargeId: charge.id, code: outcome.code });
  }
  const ended = changes.filter((change) => change.after.status === "ended");
  await recordEnds(
    work,
    ended.map(({ after }) => after),
  );
  const isCanceled = ({ after }: Change) =>
    after.status === "ended" && after.endReason === "canceled";
  const canceled = ended.filter(isCanceled).map((change) => change.invoice.id);
  const unpaid = ended.filter((change) => !isCanceled(change)).map((change) => change.invoice.id);
  await closeUnpaidInvoices(work, canceled, "void");
  await closeUnpaidInvoices(work, unpaid, "uncollectible");
  await scheduleKeyDeletion(
    tx,
    ended.flatMap(({ after, charge }) => [after.paymentMethodId, charge.paymentMethodId]),
    now,
  );
  return changes;
}

function changeOf(
  { charge, invoice, outcome, subscription, userId }: Declined,
  failure: Failure,
  today: CalendarDate,
): Change[] {
  if (!subscription || subscription.status === "ended") return [];
  return [
    {
      charge,
      invoice,
      outcome,
      userId,
      before: subscription,
      after: afterDecline(subscription, failure, { today }),
      isOurFault: classOfFailure(DUNNING, failure) === "config",
    },
  ];
}

function failureOf(
  { charge, invoice, outcome, subscription }: Declined,
  repeats: ReadonlyMap<string, number>,
): Failure {
  const { reason, declineClass } = outcome;
  const seen = repeats.get(`${invoice.id} ${charge.paymentMethodId} ${reason}`);
  const isReplaced = charge.paymentMethodId !== subscription?.paymentMethodId;
  return { reason, declineClass, sameReasonInARow: seen ?? 1, isReplaced };
}

/**
 * Whether a decline leaves the booked tries as they are: the customer had a card tried besides them. The card on file
 * that is refused for good is not tried again, whoever asked.
 */
function changesNothing({ charge, subscription }: Declined, failure: Failure): boolean {
  if (!subscription || !isExtraTry(charge, subscription)) return false;
  return failure.isReplaced === true || classOfFailure(DUNNING, failure) !== "hard";
}

async function noticesOf(
  tx: Tx,
  { before, after, charge, invoice, outcome, userId, isOurFault }: Change,
  today: CalendarDate,
): Promise<readonly BookedNotice[]> {
  const about = (notice: Notice) => [
    {
      userId,
      about: `${invoice.id}:${outcome.code}:${after.status === "past-due" ? after.nextTryOn : ""}`,
      subscriptionId: after.id,
      notice,
    },
  ];
  if (before.status === "incomplete") {
    if (after.status !== "ended") return [];
    const { title, dueWon: amountWon } = invoice;
    return about({ kind: "order-canceled", title, amountWon, money: "none" });
  }
  if (after.status === "ended") {
    const planName = await findPlanName(tx, after.terms.plan.key);
    return about({ kind: "ended", planName, reason: after.endReason });
  }
  // What was taken and given back is told by a notice of its own.
  if (after.status !== "past-due" || isOurFault || takenOf({ charge, outcome }) !== null) return [];
  return about({
    kind: "payment-failed",
    title: invoice.title,
    amountWon: invoice.dueWon,
    reason: outcome.reason,
    nextTryOn: after.nextTryOn,
    endsOn: after.endsUnpaidOn,
    accessUntil: hasAccess(after, today)
      ? addDays(accessEndsOn(DUNNING, overdueSince(after, today)), -1)
      : null,
  });
}

/** Says how much was taken and given back; told for every order, also for one that is over or paid once. */
function returnedNoticeOf(row: Declined, changed: Subscription | undefined): BookedNotice[] {
  const { charge, invoice, userId } = row;
  const takenWon = takenOf(row);
  if (takenWon === null) return [];
  const after = changed ?? row.subscription;
  const isTriedAgain = after?.status === "past-due";
  const notice = {
    kind: "payment-returned",
    title: invoice.title,
    takenWon,
    amountWon: invoice.dueWon,
    nextTryOn: isTriedAgain ? after.nextTryOn : null,
    endsOn: isTriedAgain ? after.endsUnpaidOn : null,
  } as const;
  return [{ userId, about: charge.id, subscriptionId: invoice.subscriptionId, notice }];
}

/** What Toss took for a declined attempt before all of it was given back; null when it took nothing. */
function takenOf({ charge, outcome }: Pick<Declined, "charge" | "outcome">): Won | null {
  return outcome.reason === "given-back" ? (outcome.takenWon ?? charge.takenWon) : null;
}
