/** What a subscription looks like to its holder: the status word and the sentences, decided by the rules that charge it. */

import { accountText } from "@/components/text/account";
import type { Tone } from "@/components/ui/badge";
import { addDays, type CalendarDate, laterOf } from "@/lib/billing/calendar";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { formatLongDate, formatNearDate } from "@/lib/billing/format";
import { declineWords } from "@/lib/billing/message/message";
import { formatWon } from "@/lib/billing/money";
import { accessEndsOn, DUNNING } from "@/lib/billing/renewal/dunning";
import { type AskedNext, nextChargeOn } from "@/lib/billing/renewal/renewal";
import {
  hasAccess,
  isToBeCharged,
  nextPeriod,
  overdueSince,
  type Subscription,
} from "@/lib/billing/subscription/subscription";
import type { Locale } from "@/lib/http/locale";

export type SubscriptionFacts = {
  readonly subscription: Subscription;
  readonly today: CalendarDate;
  readonly hasConsent: boolean;
  /** False when the card was removed at Toss and none has taken its place. */
  readonly hasCard: boolean;
  /** False when it never became more than an order. */
  readonly hasStarted: boolean;
  /** A charge is at Toss and its outcome open. */
  readonly isCharging: boolean;
  /** When the jobs look at it next. */
  readonly nextActionAt: Date | null;
  /** What the card is asked for next, or was asked for and has not paid. */
  readonly asked: AskedNext;
  /** Why the newest charge was declined, when it was. */
  readonly declineReason: DeclineReason | null;
};

export type SubscriptionView = {
  readonly badge: { readonly tone: Tone; readonly word: string };
  readonly headline: string;
  readonly details: readonly string[];
};

export function viewOf(facts: SubscriptionFacts, locale: Locale): SubscriptionView {
  const { subscription, isCharging } = facts;
  const won = formatWon(facts.asked.dueWon, locale);
  const { badges, headline, detail } = accountText[locale];
  if (isCharging && subscription.status !== "ended") {
    const { endsOn } = nextPeriod(subscription);
    const lastDay = formatNearDate(addDays(endsOn, -1), locale);
    return {
      badge: { tone: "info", word: badges.checking },
      headline: headline.checking(won),
      details: [
        subscription.cancelsOn === null
          ? detail.checking
          : subscription.status === "incomplete"
            ? detail.orderCanceledWhileChecking
            : endsOn > facts.today
              ? detail.canceledWhileChecking(lastDay)
              : detail.canceledWhenOver,
      ],
    };
  }
  if (isWaiting(facts)) {
    return {
      badge: { tone: "info", word: badges.checking },
      headline: headline.waiting,
      details: [detail.waiting],
    };
  }
  switch (subscription.status) {
    case "incomplete":
      return {
        badge: { tone: "neutral", word: badges.incomplete },
        headline: headline.incomplete,
        details: [detail.incomplete],
      };
    case "trialing":
    case "active":
      return viewOfRunning(facts, subscription, locale);
    case "past-due":
      return {
        badge: { tone: "bad", word: badges.pastDue },
        headline: headline.pastDue(won),
        details: detailsOfPastDue(facts, subscription, locale),
      };
    case "ended": {
      const { endReason, endedOn } = subscription;
      if (!facts.hasStarted) {
        return {
          badge: { tone: "neutral", word: badges.ended },
          headline: endReason === "expired" ? headline.orderExpired : headline.orderCanceled,
          details: [
            endReason === "canceled-with-refund" ? detail.orderRefunded : detail.orderEnded,
          ],
        };
      }
      const hasRunOut = endReason === "canceled" || endReason === "no-consent";
      const lastDay = hasRunOut ? addDays(endedOn, -1) : endedOn;
      return {
        badge: { tone: "neutral", word: badges.ended },
        headline: headline.ended(formatLongDate(lastDay, locale)),
        details: [detail.ended[endReason]],
      };
    }
    default:
      return subscription satisfies never;
  }
}

/** Whether an operator looks at it before anything is charged: nothing is booked, and no charge is open. */
function isWaiting({ subscription, nextActionAt, isCharging }: SubscriptionFacts): boolean {
  return isToBeCharged(subscription) && nextActionAt === null && !isCharging;
}

function viewOfRunning(
  { today, hasConsent, hasCard, nextActionAt, asked }: SubscriptionFacts,
  subscription: Extract<Subscription, { status: "trialing" | "active" }>,
  locale: Locale,
): SubscriptionView {
  const { badges, headline, detail } = accountText[locale];
  const isTrial = subscription.status === "trialing";
  if (subscription.cancelsOn !== null) {
    const lastDayOfUse = addDays(subscription.cancelsOn, -1);
    // The end has come, and the job that writes it down has not run yet.
    if (subscription.cancelsOn <= today) {
      return {
        badge: { tone: "neutral", word: badges.ended },
        headline: headline.ended(formatLongDate(lastDayOfUse, locale)),
        details: [detail.ended.canceled],
      };
    }
    const lastDay = formatNearDate(lastDayOfUse, locale);
    return {
      badge: { tone: "info", word: badges.canceling },
      headline: headline.canceling(lastDay),
      details: [detail.canceling],
    };
  }
  const badge = isTrial
    ? ({ tone: "info", word: badges.trialing } as const)
    : ({ tone: "good", word: badges.active } as const);
  const dueOn = nextPeriod(subscription).startsOn;
  if (isTrial && !hasConsent) {
    return {
      badge,
      headline: headline.trialEnds(formatNearDate(laterOf(addDays(dueOn, -1), today), locale)),
      details: [detail.trialNotAgreed],
    };
  }
  const won = formatWon(asked.dueWon, locale);
  const chargeOn = laterOf(nextChargeOn(subscription, nextActionAt, hasConsent) ?? dueOn, today);
  const byCredit = asked.creditWon > 0 ? [detail.credit(formatWon(asked.creditWon, locale))] : [];
  if (asked.dueWon === 0) {
    return {
      badge,
      headline: headline.covered(nearOrLong(chargeOn, today, locale)),
      details: byCredit,
    };
  }
  if (!hasCard) {
    return {
      badge: { tone: "warning", word: badges.noCard },
      headline: headline.noCard,
      details: [detail.noCard(nearOrLong(chargeOn, today, locale), won)],
    };
  }
  return {
    badge,
    headline:
      chargeOn === today
        ? headline.chargeToday(won)
        : headline.charge(nearOrLong(chargeOn, today, locale), won),
    details: [...(isTrial ? [detail.trialAgreed] : []), ...byCredit, detail.charge],
  };
}

function detailsOfPastDue(
  { today, hasConsent, declineReason, nextActionAt }: SubscriptionFacts,
  subscription: Extract<Subscription, { status: "past-due" }>,
  locale: Locale,
): readonly string[] {
  const { detail } = accountText[locale];
  const tryOn = nextChargeOn(subscription, nextActionAt, hasConsent);
  const reason = declineWords(declineReason ?? "unknown", locale);
  const needsCard = declineReason === "card-removed" ? detail.needsCardAgain : detail.needsCard;
  const lastDay = addDays(accessEndsOn(DUNNING, overdueSince(subscription, today)), -1);
  return [
    tryOn ? detail.retry(reason, formatNearDate(laterOf(tryOn, today), locale)) : needsCard(reason),
    hasAccess(subscription, today)
      ? detail.access(formatNearDate(lastDay, locale))
      : detail.noAccess,
    detail.endsUnpaid(formatNearDate(laterOf(subscription.endsUnpaidOn, today), locale)),
  ];
}

/** The year is said only when it is another one. */
export function nearOrLong(day: CalendarDate, today: CalendarDate, locale: Locale): string {
  return day.slice(0, 4) === today.slice(0, 4)
    ? formatNearDate(day, locale)
    : formatLongDate(day, locale);
}
