import { lockAccount } from "@/db/account";
import { findPlanName } from "@/db/catalogue";
import { insertConsent } from "@/db/consent";
import { lockSubscription, saveSubscriptions } from "@/db/subscription";
import { seoulDayOf } from "@/lib/billing/calendar";
import { isInConsentWindow, needsConsent } from "@/lib/billing/consent/consent";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type ConsentRefusal =
  | { readonly code: "unknown-subscription" }
  | { readonly code: "no-consent-needed" }
  | { readonly code: "outside-consent-window" };

/**
 * Records consent to the first charge after a free trial, in an act of its own after the trial began, with what proves
 * it (E-Commerce Act §13⑥), and mails a receipt. Given twice it is recorded and told once.
 */
export async function giveConsent(
  deps: ClockAndIds,
  consent: {
    accountId: string;
    actor: Actor;
    subscriptionId: string;
    textVersion: string;
    ip: string | null;
    userAgent: string | null;
  },
): Promise<Result<null, ConsentRefusal>> {
  return inTransaction(deps, consent.actor, async (work) => {
    const { tx, now } = work;
    const account = await lockAccount(tx, consent.accountId);
    if (!(await work.may(consent.accountId, "pay")))
      return refuse({ code: "unknown-subscription" });
    const subscription = await lockSubscription(tx, consent.accountId, consent.subscriptionId);
    if (!subscription) return refuse({ code: "unknown-subscription" });
    if (!needsConsent(subscription)) return refuse({ code: "no-consent-needed" });
    const changesOn = subscription.paidTo;
    const toWon = nextTotalWon(subscription);
    if (!isInConsentWindow(changesOn, now)) return refuse({ code: "outside-consent-window" });
    const id = work.newId("consent");
    const isNew = await insertConsent(tx, {
      id,
      subscriptionId: subscription.id,
      changesOn,
      fromWon: subscription.agreedWon,
      toWon,
      textVersion: consent.textVersion,
      agreedAt: now,
      ip: consent.ip,
      userAgent: consent.userAgent,
    });
    if (!isNew) return ok(null);
    await saveSubscriptions(tx, [{ subscription }], now);
    const notice = {
      kind: "consent-given",
      planName: await findPlanName(tx, subscription.terms.plan.key),
      agreedOn: seoulDayOf(now),
      chargeOn: changesOn,
      fromWon: subscription.agreedWon,
      toWon,
    } as const;
    await work.notify({
      userId: account.ownerId,
      about: id,
      subscriptionId: subscription.id,
      notice,
    });
    const details = { changesOn, toWon };
    await work.audit({
      action: "consent.given",
      subjectId: subscription.id,
      details,
    });
    return ok(null);
  });
}
