/**
 * Takes up what is due: ends what must end, and writes an invoice and a pending attempt for what must be charged.
 * Nothing is sent to Toss here; an attempt that is never picked up is found by `settleCharges`.
 */

import { scheduleKeyDeletion } from "@/db/card";
import { insertPendingCharges } from "@/db/charge";
import { endRests, isChargingStopped } from "@/db/charging-stop";
import { listConsents } from "@/db/consent";
import { listOpenInvoices } from "@/db/invoice";
import { listSubscribers, lockDueSubscriptions, saveSubscriptions } from "@/db/subscription";
import { type CalendarDate, type Period, seoulDayOf } from "@/lib/billing/calendar";
import { blackoutEndsAt, isBlackout } from "@/lib/billing/charge/charge";
import { isConsentFor } from "@/lib/billing/consent/consent";
import { periodTitle } from "@/lib/billing/invoice/invoice";
import type { Won } from "@/lib/billing/money";
import { decideRenewal } from "@/lib/billing/renewal/renewal";
import {
  type EndReason,
  end,
  nextActionAfter,
  nextActionAt,
  type Subscription,
} from "@/lib/billing/subscription/subscription";
import {
  closeUnpaidInvoices,
  draftCharge,
  draftInvoice,
  openInvoices,
} from "@/lib/operations/invoice/open";
import { auditEnds } from "@/lib/operations/subscription/audit-ends";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { WithProvider } from "@/lib/runtime/deps";

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
type DueCharge = Due & { readonly period: Period; readonly amountWon: Won };
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
    await endRests(tx, now);
    const isStopped = await isChargingStopped(tx, now);
    const consents = await listConsents(
      tx,
      due.filter((row) => row.subscription.status === "trialing").map((row) => row.subscription.id),
    );

    const toCharge: DueCharge[] = [];
    const toEnd: DueEnd[] = [];
    const toPutBack: { subscription: Subscription; nextActionAt: Date | null }[] = [];
    for (const { subscription, planName } of due) {
      const hasConsent = consents.some((consent) => isConsentFor(subscription, consent));
      const renewal = decideRenewal(subscription, today, hasConsent);
      if (subscription.status === "ended" || renewal.kind === "not-due") {
        toPutBack.push({ subscription, nextActionAt: nextActionAt(subscription) });
      } else if (renewal.kind === "end") {
        toEnd.push({ subscription, planName, reason: renewal.reason });
      } else if (isStopped) {
        toPutBack.push({ subscription, nextActionAt: new Date(now.getTime() + STOPPED_RETRY_MS) });
      } else if (isBlackout(now)) {
        toPutBack.push({ subscription, nextActionAt: blackoutEndsAt(now) });
      } else {
        toCharge.push({
          subscription,
          planName,
          period: renewal.period,
          amountWon: renewal.amountWon,
        });
      }
    }
    await saveSubscriptions(tx, toPutBack, now);
    await endSubscriptions(work, toEnd);
    const chargeIds = await intendCharges(work, toCharge, {
      today,
      provider: deps.gateway.provider,
    });
    return { chargeIds, taken: due.length };
  });
}

async function intendCharges(
  work: Work,
  due: readonly DueCharge[],
  { today, provider }: { readonly today: CalendarDate; readonly provider: string },
): Promise<readonly string[]> {
  const { tx, now } = work;
  const wanted = due.map(({ subscription, planName, period, amountWon }) => {
    const title = periodTitle({ planName, interval: subscription.interval }, period);
    const { accountId, id: subscriptionId } = subscription;
    return draftInvoice(work, { accountId, of: { subscriptionId, period }, title, amountWon });
  });
  const all = await openInvoices(work, wanted);
  const invoiceOf = new Map(all.map((invoice) => [invoice.subscriptionId, invoice]));
  const attempts = due.flatMap(({ subscription: { id, paymentMethodId } }) => {
    const invoice = invoiceOf.get(id);
    return invoice?.status === "open"
      ? [draftCharge(work, invoice, { provider, paymentMethodId, trigger: "automatic" })]
      : [];
  });
  const charges = await insertPendingCharges(tx, attempts);
  const charged = new Set(charges.map((charge) => charge.invoiceId));
  await saveSubscriptions(
    tx,
    due.map(({ subscription }) => ({
      subscription,
      // While an attempt is open nothing is booked: its outcome books what comes next.
      nextActionAt: charged.has(invoiceOf.get(subscription.id)?.id ?? "")
        ? null
        : nextActionAfter(subscription, today),
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
    ended.map((subscription) => ({ subscription, nextActionAt: null })),
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
  await auditEnds(work, ended);
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
