/**
 * Takes up what is due: ends what must end, and writes an invoice and a pending attempt for what must be charged.
 * Nothing is sent to Toss here; an attempt that is never picked up is found by `settleCharges`.
 */

import { scheduleKeyDeletion } from "@/db/card";
import { insertPendingCharges } from "@/db/charge";
import { endRests, isChargingStopped } from "@/db/charging-stop";
import { listConsents } from "@/db/consent";
import { lockCredits } from "@/db/credit";
import { listOpenInvoices } from "@/db/invoice";
import {
  listSubscribers,
  lockDueSubscriptions,
  type SubscriptionToSave,
  saveSubscriptions,
} from "@/db/subscription";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { blackoutEndsAt, isBlackout } from "@/lib/billing/charge/charge";
import { creditLeft } from "@/lib/billing/credit/credit";
import { periodTitle } from "@/lib/billing/invoice/invoice";
import { decideRenewal, expectedOf } from "@/lib/billing/renewal/renewal";
import { isSameExpected } from "@/lib/billing/subscription/expectation";
import { NO_CREDIT, type Order } from "@/lib/billing/subscription/order";
import {
  type EndReason,
  end,
  nextPeriod,
  type Subscription,
} from "@/lib/billing/subscription/subscription";
import {
  closeUnpaidInvoices,
  draftCharge,
  draftInvoice,
  openInvoices,
} from "@/lib/operations/invoice/open";
import { recordEnds } from "@/lib/operations/subscription/record-ends";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { WithProvider } from "@/lib/runtime/deps";
import { beginWithoutCharge } from "./begin-without-charge";
import { reportSurprises, type Surprise } from "./report-surprises";

export type ClaimedRenewals = {
  /** Attempts written and waiting to be sent. */
  readonly chargeIds: readonly string[];
  /** Due rows looked at; fewer than asked for means that nothing more is due. */
  readonly taken: number;
};

/** While charging is stopped, what is due is looked at again after this time. */
const STOPPED_RETRY_MS = 5 * 60_000;

type Due = {
  readonly subscription: Exclude<Subscription, { status: "ended" }>;
  readonly planName: string;
};
type DueCharge = Due & { readonly order: Order };
type DueEnd = Due & { readonly reason: EndReason };

/** Claims up to `limit` subscriptions due by `dueBy`, oldest first; safe to run any number of times at once. */
export async function claimRenewals(
  deps: WithProvider,
  limit: number,
  dueBy: Date = deps.clock.now(),
): Promise<ClaimedRenewals> {
  return inTransaction(deps, JOB, async (work) => {
    const { tx, now } = work;
    const today = seoulDayOf(now);
    const due = await lockDueSubscriptions(tx, dueBy, limit);
    if (due.length === 0) return { chargeIds: [], taken: 0 };
    const accountIds = due.map(({ subscription }) => subscription.accountId);
    const credits = new Map(await lockCredits(tx, accountIds));
    await endRests(tx, now);
    const isStopped = await isChargingStopped(tx, now);
    const consents = await listConsents(
      tx,
      due.filter((row) => row.subscription.status === "trialing").map((row) => row.subscription.id),
    );

    const { minimumWon } = deps.gateway.capabilities;

    const toCharge: DueCharge[] = [];
    const toEnd: DueEnd[] = [];
    const toPutBack: SubscriptionToSave[] = [];
    const surprises: Surprise[] = [];
    for (const { subscription, planName, expectation } of due) {
      const own = consents.filter(({ subscriptionId }) => subscriptionId === subscription.id);
      const credit = credits.get(subscription.accountId) ?? NO_CREDIT.credit;
      const wallet = { credit, minimumWon };
      const renewal = decideRenewal(subscription, { today, wallet, consents: own });
      if (subscription.status === "ended" || renewal.kind === "not-due") {
        toPutBack.push({ subscription });
      } else if (!isSameExpected(expectation, expectedOf(renewal))) {
        surprises.push({ subscription, saved: expectation, decided: expectedOf(renewal) });
      } else if (renewal.kind === "end") {
        toEnd.push({ subscription, planName, reason: renewal.reason });
      } else if (isStopped) {
        toPutBack.push({ subscription, lookAt: new Date(now.getTime() + STOPPED_RETRY_MS) });
      } else if (isBlackout(now)) {
        toPutBack.push({ subscription, lookAt: blackoutEndsAt(now) });
      } else {
        toCharge.push({ subscription, planName, order: renewal.order });
        // Another contract of the account, due a moment later, pays with what is left.
        credits.set(subscription.accountId, creditLeft(credit, renewal.order.due));
      }
    }
    await saveSubscriptions(tx, toPutBack, now);
    await reportSurprises(work, surprises);
    await endSubscriptions(work, toEnd);
    const { provider } = deps.gateway;
    const chargeIds = await intendCharges(work, toCharge, { today, provider });
    return { chargeIds, taken: due.length };
  });
}

async function intendCharges(
  work: Work,
  due: readonly DueCharge[],
  { today, provider }: { readonly today: CalendarDate; readonly provider: string },
): Promise<readonly string[]> {
  const { tx, now } = work;
  const wanted = due.map(({ subscription, planName, order }) => {
    const { accountId, id: subscriptionId } = subscription;
    const { interval } = order.terms;
    const title = periodTitle({ planName, interval }, nextPeriod(subscription));
    return draftInvoice(work, { accountId, of: { subscriptionId, order }, title });
  });
  const all = await openInvoices(work, wanted);
  const invoiceOf = new Map(all.map((invoice) => [invoice.subscriptionId, invoice]));
  const covered = due.flatMap(({ subscription }) => {
    const invoice = invoiceOf.get(subscription.id);
    return invoice?.status === "open" && invoice.dueWon === 0 ? [{ invoice, subscription }] : [];
  });
  await beginWithoutCharge(work, covered);
  const isCovered = new Set(covered.map(({ subscription }) => subscription.id));
  const toCharge = due.filter(({ subscription }) => !isCovered.has(subscription.id));
  const attempts = toCharge.flatMap(({ subscription: { id, paymentMethodId } }) => {
    const invoice = invoiceOf.get(id);
    return invoice?.status === "open"
      ? [draftCharge(work, invoice, { provider, paymentMethodId, trigger: "automatic" })]
      : [];
  });
  const charges = await insertPendingCharges(tx, attempts);
  const charged = new Set(charges.map((charge) => charge.invoiceId));
  await saveSubscriptions(
    tx,
    toCharge.map(({ subscription }) => ({
      subscription,
      // While an attempt is open nothing is booked: its outcome books what comes next.
      isCollecting: charged.has(invoiceOf.get(subscription.id)?.id ?? ""),
      notBefore: addDays(today, 1),
    })),
    now,
  );
  return charges.map((charge) => charge.id);
}

async function endSubscriptions(work: Work, due: readonly DueEnd[]): Promise<void> {
  const { tx, now } = work;
  if (due.length === 0) return;
  const today = seoulDayOf(now);
  const ended = due.map(({ subscription, reason }) => end(subscription, today, reason));
  await saveSubscriptions(
    tx,
    ended.map((subscription) => ({ subscription })),
    now,
  );
  const open = await listOpenInvoices(
    tx,
    ended.map((subscription) => subscription.id),
  );
  await closeUnpaidInvoices(
    work,
    open.map((invoice) => invoice.id),
    "uncollectible",
  );
  await scheduleKeyDeletion(
    tx,
    ended.map((subscription) => subscription.paymentMethodId),
    now,
  );
  await recordEnds(work, ended);
  const users = await listSubscribers(
    tx,
    ended.map((subscription) => subscription.id),
  );
  await work.notify(
    ...due.flatMap(({ subscription, planName, reason }) => {
      const userId = users.get(subscription.id);
      const notice = { kind: "ended" as const, planName, reason };
      const { id } = subscription;
      return userId ? [{ userId, about: id, subscriptionId: id, notice }] : [];
    }),
  );
}
