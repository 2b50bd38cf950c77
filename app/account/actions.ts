"use server";

import { refresh } from "next/cache";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { CONSENT_DECLINED, readDeclined } from "@/app/account/declined";
import { accountAction, done, refused, rowId, signedInAction } from "@/app/action";
import { accountText, CONSENT_TEXT_VERSION } from "@/components/text/account";
import { findSubscription } from "@/db/subscription";
import { deps } from "@/deps";
import { isSecure } from "@/lib/auth/next-auth";
import { personName } from "@/lib/auth/person-name";
import { declineWords } from "@/lib/billing/message/message";
import { takeAccountTry } from "@/lib/http/rate-limit";
import { updateProfile } from "@/lib/operations/account/update-profile";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { giveConsent } from "@/lib/operations/consent/give";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { member } from "@/lib/operations/work";

/** A prompt that was answered with no is not shown again for this long (E-Commerce Act §21-2, at least 7 days). */
const DECLINED_SECONDS = 30 * 24 * 60 * 60;

const UNDO = { name: "undo-cancel", tries: 10, minutes: 60 };

const One = z.object({ subscriptionId: rowId });

export const cancelAction = accountAction("pay", One, async (person, form, { locale }) => {
  const { accountId, userId } = person;
  const result = await cancelSubscription(deps(), { accountId, actor: member(userId), ...form });
  if (!result.ok) return refused(accountText[locale].cancel.failed[result.refusal.code]);
  const stored = await findSubscription(accountId, form.subscriptionId);
  redirect(`/account?notice=${stored?.hasStarted ? "canceled" : "order-canceled"}`);
});

const PAY = { name: "pay-overdue", tries: 10, minutes: 60 };

/** Has the card on file tried again. What is not known yet, the page says itself. */
export const payOverdueAction = accountAction(
  "pay",
  One.extend({ afterChargeId: rowId }),
  async ({ accountId, userId, email }, form, { locale }) => {
    const text = accountText[locale].actions.payFailed;
    if (!(await takeAccountTry(PAY, email, deps().clock.now()))) return refused(text["too-many"]);
    const result = await payOverdue(deps(), { accountId, actor: member(userId), ...form });
    if (!result.ok) {
      refresh();
      return refused(text[result.refusal.code]);
    }
    if (result.value.kind === "paid") redirect("/account?notice=paid");
    if (result.value.kind === "checking") redirect("/account");
    refresh();
    return refused(text.declined(declineWords(result.value.reason, locale)));
  },
);

export const undoCancelAction = accountAction("pay", One, async (person, form, { locale }) => {
  const { accountId, userId, email } = person;
  const text = accountText[locale].cancel.failed;
  // Each change of mind is mailed.
  if (!(await takeAccountTry(UNDO, email, deps().clock.now()))) return refused(text["too-many"]);
  const result = await undoCancel(deps(), { accountId, actor: member(userId), ...form });
  if (!result.ok) return refused(text[result.refusal.code]);
  redirect("/account?notice=undone");
});

const ConsentForm = z.object({ subscriptionId: rowId, answer: z.enum(["agree", "decline"]) });

export const consentAction = accountAction(
  "pay",
  ConsentForm,
  async ({ accountId, userId }, { subscriptionId, answer }, { locale, address }) => {
    if (answer === "decline") {
      const jar = await cookies();
      const declined = readDeclined(jar.get(CONSENT_DECLINED)?.value);
      jar.set(CONSENT_DECLINED, [...new Set([...declined, subscriptionId])].slice(-5).join("."), {
        httpOnly: true,
        sameSite: "lax",
        path: "/account",
        secure: isSecure(),
        maxAge: DECLINED_SECONDS,
      });
      redirect("/account?notice=not-consented");
    }
    const userAgent = (await headers()).get("user-agent")?.slice(0, 300) ?? null;
    const result = await giveConsent(deps(), {
      accountId,
      actor: member(userId),
      subscriptionId,
      textVersion: CONSENT_TEXT_VERSION,
      ip: address,
      userAgent,
    });
    if (!result.ok) return refused(accountText[locale].consent.failed);
    redirect("/account?notice=consented");
  },
);

const ProfileForm = z.object({ name: personName });

export const updateProfileAction = signedInAction(
  ProfileForm,
  async ({ userId }, { name }, { locale }) => {
    await updateProfile(deps(), { userId, name });
    return done(accountText[locale].profile.saved);
  },
);
