/**
 * What is told to a customer about money, in plain Korean. Each message is plain information: no offer stands in one,
 * since an offer would turn it into advertising (Network Act §50).
 *
 * A message may be read hours after it was written: it names days, never "today" or "tomorrow".
 */
import { addDays, type CalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Bilingual } from "@/lib/billing/catalogue/plan";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { formatLongDate } from "@/lib/billing/format";
import { formatWon, type Won } from "@/lib/billing/money";
import { CHARGE_HOUR, NOTICE_HOURS } from "@/lib/billing/policy";
import type { EndReason } from "@/lib/billing/subscription/subscription";

export type Notice =
  | {
      readonly kind: "paid";
      readonly title: string;
      readonly amountWon: Won;
      /** What credit paid of it, besides the charge. */
      readonly creditWon: Won;
      readonly receiptUrl: string | null;
      readonly nextChargeOn: CalendarDate | null;
      /** The last day of use, when an end is booked behind this payment. */
      readonly lastDay: CalendarDate | null;
    }
  | {
      readonly kind: "payment-failed";
      readonly title: string;
      readonly amountWon: Won;
      readonly reason: DeclineReason;
      readonly nextTryOn: CalendarDate | null;
      readonly endsOn: CalendarDate;
      /** The last day of use without a payment; null when it is over. */
      readonly accessUntil: CalendarDate | null;
    }
  | {
      /** Toss took money that was not booked, and all of it was given back. */
      readonly kind: "payment-returned";
      readonly title: string;
      readonly takenWon: Won;
      readonly amountWon: Won;
      /** When the right amount is tried again; null when nothing is tried by itself. */
      readonly nextTryOn: CalendarDate | null;
      readonly endsOn: CalendarDate | null;
    }
  | {
      readonly kind: "access-stopped";
      readonly planName: string;
      readonly amountWon: Won;
      readonly stoppedOn: CalendarDate;
      readonly nextTryOn: CalendarDate | null;
      readonly endsOn: CalendarDate;
    }
  | {
      readonly kind: "trial-started";
      readonly planName: string;
      readonly chargeOn: CalendarDate;
      readonly amountWon: Won;
      /** The first day on which consent can be given; null when that is now. */
      readonly consentFrom: CalendarDate | null;
    }
  | {
      readonly kind: "trial-ends";
      readonly planName: string;
      readonly chargeOn: CalendarDate;
      readonly amountWon: Won;
      readonly hasConsent: boolean;
      /** The card to be charged; null when it is gone. */
      readonly card: string | null;
    }
  | {
      readonly kind: "consent-given";
      readonly planName: string;
      readonly agreedOn: CalendarDate;
      readonly chargeOn: CalendarDate;
      readonly fromWon: Won;
      readonly toWon: Won;
    }
  | { readonly kind: "cancel-booked"; readonly planName: string; readonly lastDay: CalendarDate }
  /** Cancelled with nothing left to use: over at once. */
  | { readonly kind: "cancel-done"; readonly planName: string }
  | {
      /** Cancelled while a charge is at Toss: its outcome decides the last day. */
      readonly kind: "cancel-pending";
      readonly planName: string;
      readonly amountWon: Won;
      /** The last day of use if the charge is approved; null when it is for days that are over. */
      readonly lastDay: CalendarDate | null;
    }
  | {
      readonly kind: "cancel-undone";
      readonly planName: string;
      readonly nextChargeOn: CalendarDate;
      readonly amountWon: Won;
      /** In free days: nothing is charged unless the customer agrees anew. */
      readonly needsConsent: boolean;
    }
  | { readonly kind: "ended"; readonly planName: string; readonly reason: EndReason }
  | {
      readonly kind: "order-canceled";
      readonly title: string;
      readonly amountWon: Won;
      /** What became of its payment: none was made, Toss is still asked, or one was made and goes back. */
      readonly money: "none" | "asking" | "returning";
    }
  | {
      readonly kind: "card-changed";
      readonly card: string;
      /** What is at Toss with the card used so far; null when nothing is. */
      readonly pendingWon: Won | null;
    }
  | {
      readonly kind: "card-gone";
      readonly card: string;
      /** The day of the next charge; null when none will be made, or one is due already. */
      readonly chargeOn: CalendarDate | null;
      readonly isOverdue: boolean;
    }
  | {
      readonly kind: "refund-requested" | "refund-failed";
      readonly title: string;
      readonly amountWon: Won;
    }
  | {
      readonly kind: "refund-done";
      readonly title: string;
      readonly amountWon: Won;
      /** Cancelled whole on the day it was paid: the card shows it the same day. */
      readonly isSeenToday: boolean;
      readonly receiptUrl: string | null;
    };

/** Pages of the app that messages lead to. */
const PAGES = {
  account: ["내 구독", "/account"],
  payments: ["결제 내역", "/account/payments"],
  card: ["카드 등록", "/account/card"],
  cancel: ["해지", "/account/cancel"],
  consent: ["유료 전환 동의", "/account/consent"],
} as const;

type Page = keyof typeof PAGES;
type Words = {
  readonly subject: string;
  readonly lines: readonly (string | false | null)[];
  readonly pages: readonly Page[];
};

/** Subject and body of a notice, with links into the app at `appUrl`. */
export function writeNotice(notice: Notice, appUrl: string): { subject: string; body: string } {
  const { subject, lines, pages } = wordsOf(notice);
  const links = pages.map((page) => `${PAGES[page][0]}: ${appUrl}${PAGES[page][1]}`);
  return { subject, body: [...lines.filter(Boolean), "", ...links].join("\n") };
}

function wordsOf(notice: Notice): Words {
  switch (notice.kind) {
    case "paid":
      return {
        subject:
          notice.amountWon === 0
            ? "결제할 금액 없이 이용 기간이 이어졌어요"
            : `${formatWon(notice.amountWon)}을 결제했어요`,
        lines: [
          notice.amountWon === 0
            ? `${notice.title} 이용 기간이 이어졌어요. 카드로 결제한 금액은 없어요.`
            : `${notice.title} ${formatWon(notice.amountWon)}을 결제했어요.`,
          notice.creditWon > 0 && `크레딧 ${formatWon(notice.creditWon)}을 먼저 썼어요.`,
          notice.nextChargeOn && `다음 결제일은 ${formatLongDate(notice.nextChargeOn)}이에요.`,
          notice.lastDay &&
            `해지하신 대로 ${formatLongDate(notice.lastDay)}까지 이용할 수 있고, 더 결제되지 않아요.`,
          notice.receiptUrl && `매출전표: ${notice.receiptUrl}`,
        ],
        pages: ["payments"],
      };
    case "payment-failed":
      return {
        subject: "결제하지 못했어요",
        lines: [
          `${declineWords(notice.reason)} ${notice.title} ${formatWon(notice.amountWon)}을 결제하지 못했어요.`,
          notice.nextTryOn ? tryWords(notice.nextTryOn) : cardAdvice(notice.reason),
          notice.accessUntil
            ? `${formatLongDate(notice.accessUntil)}까지는 그대로 이용할 수 있어요.`
            : "결제될 때까지 이용이 멈춰 있어요.",
          endWords(notice.endsOn),
        ],
        pages: ["card", "cancel", "account"],
      };
    case "payment-returned": {
      const { title, takenWon, amountWon, nextTryOn, endsOn } = notice;
      const isWrong = takenWon !== amountWon;
      return {
        subject: `${formatWon(takenWon)} 결제를 전액 취소했어요`,
        lines: [
          isWrong
            ? `${title} ${formatWon(amountWon)}을 결제하다가 ${formatWon(takenWon)}이 잘못 결제됐어요.`
            : `${title} ${formatWon(takenWon)}이 결제됐지만 이용으로 이어지지 못했어요.`,
          `${formatWon(takenWon)}은 전액 취소했어요. 카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.`,
          nextTryOn &&
            `${formatLongDate(nextTryOn)} ${hourWords(CHARGE_HOUR)}에 ${formatWon(amountWon)}을 다시 결제할게요.`,
          endsOn && endWords(endsOn),
        ],
        pages: nextTryOn ? ["account", "cancel"] : ["account"],
      };
    }
    case "access-stopped":
      return {
        subject: `${notice.planName} 이용이 멈췄어요`,
        lines: [
          `${formatWon(notice.amountWon)}이 결제되지 않아 ${formatLongDate(notice.stoppedOn)}부터 ${notice.planName} 이용이 멈췄어요. 결제되면 바로 다시 이용할 수 있어요.`,
          notice.nextTryOn
            ? tryWords(notice.nextTryOn)
            : "지금 카드로는 다시 결제하지 않아요. 카드를 등록하면 바로 결제해요.",
          endWords(notice.endsOn),
        ],
        pages: ["card", "cancel", "account"],
      };
    case "card-changed":
      return {
        subject: "결제수단을 바꿨어요",
        lines: [
          notice.pendingWon &&
            `지금 카드사에 확인하고 있는 ${formatWon(notice.pendingWon)}은 전에 쓰던 카드로 결제될 수 있어요.`,
          notice.pendingWon
            ? `그 뒤로는 ${notice.card}로 결제하고, 전에 쓰던 카드는 지워요.`
            : `이제 ${notice.card}로 결제돼요. 전에 쓰던 카드는 지워요.`,
        ],
        pages: ["card"],
      };
    case "card-gone":
      return {
        subject: "카드를 다시 등록해 주세요",
        lines: [
          `등록하신 ${notice.card}가 토스페이먼츠에서 지워져 더 결제할 수 없어요.`,
          notice.chargeOn &&
            `다음 결제일은 ${formatLongDate(notice.chargeOn)}이에요. 그 전에 내 구독에서 카드를 등록해 주세요.`,
          notice.isOverdue && "밀린 금액을 결제하려면 내 구독에서 카드를 등록해 주세요.",
          !notice.chargeOn &&
            !notice.isOverdue &&
            "무료 체험이 끝난 뒤에도 이용하려면 내 구독에서 카드를 등록해 주세요.",
          "같은 카드를 다시 등록해도 돼요.",
        ],
        pages: ["card", "cancel"],
      };
    case "order-canceled":
      return {
        subject: "주문을 취소했어요",
        lines: [
          `${notice.title} 주문을 취소했어요.`,
          {
            none: "결제된 금액은 없어요.",
            asking:
              "카드사에 보낸 결제 요청의 결과를 확인하고 있어요. 결제됐다면 바로 전액 환불하고, 결과를 다시 알려 드릴게요.",
            returning: `취소하기 전에 보낸 요청으로 ${formatWon(notice.amountWon)}이 결제된 것을 확인했어요. 바로 전액 환불하고 다시 알려 드릴게요.`,
          }[notice.money],
        ],
        pages: ["account"],
      };
    case "trial-started":
    case "trial-ends":
    case "consent-given":
      return wordsOfTrial(notice);
    case "cancel-booked":
    case "cancel-done":
    case "cancel-pending":
    case "cancel-undone":
    case "ended":
      return wordsOfLeaving(notice);
    case "refund-requested":
    case "refund-failed":
    case "refund-done":
      return wordsOfRefund(notice);
    default:
      return notice satisfies never;
  }
}

/** Kinds that answer nothing the customer has just done: they wait for the day. Receipts come at once, at any hour. */
const WAITS_FOR_DAY: ReadonlySet<Notice["kind"]> = new Set([
  "payment-failed",
  "access-stopped",
  "trial-ends",
  "card-gone",
  "ended",
]);

/** When a notice written at `now` is sent: at once, or at the next hour at which people read such mails. */
export function noticeSendAt(kind: Notice["kind"], now: Date): Date {
  if (!WAITS_FOR_DAY.has(kind)) return now;
  const day = seoulDayOf(now);
  if (now < seoulInstant(day, NOTICE_HOURS.from)) return seoulInstant(day, NOTICE_HOURS.from);
  return now < seoulInstant(day, NOTICE_HOURS.to)
    ? now
    : seoulInstant(addDays(day, 1), NOTICE_HOURS.from);
}

type NoticeOf<K extends Notice["kind"]> = Extract<Notice, { readonly kind: K }>;

function wordsOfTrial(notice: NoticeOf<"trial-started" | "trial-ends" | "consent-given">): Words {
  const chargeOn = formatLongDate(notice.chargeOn);
  const lastDay = formatLongDate(addDays(notice.chargeOn, -1));
  switch (notice.kind) {
    case "trial-started":
      return {
        subject: `${notice.planName} 무료 체험을 시작했어요`,
        lines: [
          `지금 결제된 금액은 0원이에요. ${lastDay}까지 무료로 이용할 수 있어요.`,
          notice.consentFrom
            ? `계속 이용하려면 유료 전환에 동의해 주세요. ${formatLongDate(notice.consentFrom)}부터 동의할 수 있고, 그때 메일로 알려 드려요.`
            : "계속 이용하려면 내 구독에서 유료 전환에 동의해 주세요.",
          ...conversionWords(chargeOn, lastDay, notice.amountWon),
        ],
        pages: notice.consentFrom ? ["cancel", "account"] : ["consent", "cancel", "account"],
      };
    case "trial-ends":
      if (notice.hasConsent) {
        return {
          subject: `${chargeOn}에 ${formatWon(notice.amountWon)}이 결제돼요`,
          lines: [
            `${notice.planName} 무료 체험이 ${lastDay}에 끝나요. 동의하신 대로 ${chargeOn}에 ${formatWon(notice.amountWon)}을 결제해요.`,
            notice.card
              ? `결제수단은 ${notice.card}예요.`
              : "등록된 카드가 없어요. 그 전에 카드를 등록해 주세요.",
            "그 전에 해지하면 결제되지 않아요.",
          ],
          pages: ["cancel", "card", "account"],
        };
      }
      return {
        subject: `${notice.planName} 무료 체험이 ${lastDay}에 끝나요`,
        lines: [
          "아직 유료 전환에 동의하지 않으셨어요.",
          ...conversionWords(chargeOn, lastDay, notice.amountWon),
        ],
        pages: ["consent", "cancel", "account"],
      };
    case "consent-given":
      return {
        subject: "유료 전환에 동의하셨어요",
        lines: [
          `${formatLongDate(notice.agreedOn)}에 ${notice.planName} 요금이 ${formatWon(notice.fromWon)}에서 ${formatWon(notice.toWon)}(부가세 포함)으로 바뀌는 데 동의하셨어요.`,
          `${chargeOn}에 ${formatWon(notice.toWon)}을 결제해요.`,
          "그 전에 해지하면 결제되지 않아요.",
        ],
        pages: ["cancel", "account"],
      };
    default:
      return notice satisfies never;
  }
}

function conversionWords(chargeOn: string, lastDay: string, amountWon: Won): readonly string[] {
  return [
    `동의하시면 ${chargeOn}에 ${formatWon(amountWon)}을 결제해요.`,
    `동의하지 않으면 ${lastDay}에 체험이 끝나고 결제되지 않아요.`,
  ];
}

function wordsOfLeaving(
  notice: NoticeOf<`cancel-${"booked" | "done" | "pending" | "undone"}` | "ended">,
): Words {
  switch (notice.kind) {
    case "cancel-booked":
      return {
        subject: "해지했어요",
        lines: [
          `${notice.planName} 구독을 해지했어요. ${formatLongDate(notice.lastDay)}까지 이용할 수 있고, 더 결제되지 않아요.`,
          "그날까지는 내 구독에서 해지를 취소할 수 있어요.",
        ],
        pages: ["account"],
      };
    case "cancel-done":
      return {
        subject: "해지했어요",
        lines: [`${notice.planName} 구독을 해지했어요. 구독은 바로 끝났고, 더 결제되지 않아요.`],
        pages: ["account"],
      };
    case "cancel-pending":
      return {
        subject: "해지했어요",
        lines: [
          `${notice.planName} 구독을 해지했어요. 지금 카드사에 확인하고 있는 ${formatWon(notice.amountWon)} 말고는 더 결제되지 않아요.`,
          notice.lastDay === null
            ? "그 금액은 이미 지난 이용 기간의 요금이라서, 확인되는 대로 구독이 끝나고 알려 드려요."
            : `그 금액이 결제되면 ${formatLongDate(notice.lastDay)}까지 이용할 수 있고, 결제되지 않으면 바로 끝나요. 확인되는 대로 알려 드릴게요.`,
        ],
        pages: ["account"],
      };
    case "cancel-undone": {
      const { planName, nextChargeOn, amountWon } = notice;
      const chargeOn = formatLongDate(nextChargeOn);
      if (!notice.needsConsent) {
        return {
          subject: "해지를 취소했어요",
          lines: [
            `${planName} 구독을 계속 이용해요. 다음 결제일은 ${chargeOn}, 금액은 ${formatWon(amountWon)}이에요.`,
          ],
          pages: ["cancel", "account"],
        };
      }
      return {
        subject: "해지를 취소했어요",
        lines: [
          `${planName} 무료 체험을 계속 이용해요. 체험이 끝난 뒤에도 쓰려면 유료 전환에 새로 동의해 주세요.`,
          ...conversionWords(chargeOn, formatLongDate(addDays(nextChargeOn, -1)), amountWon),
        ],
        pages: ["consent", "cancel", "account"],
      };
    }
    case "ended":
      return {
        subject: "구독이 끝났어요",
        lines: [`${notice.planName} 구독이 끝났어요. ${END_WORDS[notice.reason]}`],
        pages: ["account"],
      };
    default:
      return notice satisfies never;
  }
}

function wordsOfRefund(notice: NoticeOf<`refund-${"requested" | "failed" | "done"}`>): Words {
  const what = `${notice.title} ${formatWon(notice.amountWon)}`;
  const pages = ["payments"] as const;
  switch (notice.kind) {
    case "refund-requested":
      return {
        subject: "환불을 접수했어요",
        lines: [`${what} 환불을 접수했어요. 처리되면 다시 알려 드릴게요.`],
        pages,
      };
    case "refund-failed":
      return {
        subject: "환불을 아직 처리하지 못했어요",
        lines: [`${what} 환불을 카드사에서 처리하지 못했어요. 확인하고 다시 알려 드릴게요.`],
        pages,
      };
    case "refund-done":
      return {
        subject: `${formatWon(notice.amountWon)}을 환불했어요`,
        lines: [
          `${what}을 결제하신 카드로 환불했어요.`,
          notice.isSeenToday
            ? "오늘 안에 카드 승인이 취소돼요."
            : "카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.",
          notice.receiptUrl && `매출전표: ${notice.receiptUrl}`,
        ],
        pages,
      };
    default:
      return notice satisfies never;
  }
}

/** "2026년 12월 10일 (목) 오전 10시에 다시 결제할게요." */
function tryWords(on: CalendarDate): string {
  return `${formatLongDate(on)} ${hourWords(CHARGE_HOUR)}에 다시 결제할게요.`;
}

function endWords(on: CalendarDate): string {
  return `${formatLongDate(on)} ${hourWords(CHARGE_HOUR)}까지 결제되지 않으면 구독이 끝나고, 밀린 금액은 청구하지 않아요.`;
}

/** A card whose key was removed can be registered anew; one that its bank refuses cannot help. */
function cardAdvice(reason: DeclineReason): string {
  return reason === "card-removed"
    ? "카드를 다시 등록하면 바로 결제해요. 같은 카드를 다시 등록해도 돼요."
    : "같은 카드로는 다시 결제하지 않아요. 다른 카드를 등록해 주세요.";
}

const END_WORDS: Readonly<Record<EndReason, string>> = {
  canceled: "해지하신 대로 더 결제되지 않아요.",
  "canceled-with-refund": "남은 기간의 금액은 환불돼요.",
  unpaid: "결제되지 않은 금액은 더 청구하지 않아요.",
  "no-consent": "유료 전환에 동의하지 않으셔서 결제하지 않았어요.",
  expired: "주문이 완료되지 않아 결제하지 않았어요.",
  operator: "궁금한 점은 문의해 주세요.",
};

const NOT_SENT: Bilingual = {
  ko: "결제 요청이 카드사에 전해지지 않아",
  en: "The payment request did not reach the card issuer.",
};

/** In Korean the beginning of a sentence, in English a sentence. */
const DECLINE_WORDS: Readonly<Partial<Record<DeclineReason, Bilingual>>> = {
  "insufficient-funds": {
    ko: "카드 잔액이나 한도가 부족해",
    en: "The balance or limit of the card was not enough.",
  },
  "insufficient-account-funds": {
    ko: "계좌 잔액이 부족해",
    en: "The balance of the account was not enough.",
  },
  refused: { ko: "카드사가 승인하지 않아", en: "The card issuer did not approve it." },
  "stopped-card": { ko: "정지된 카드라서", en: "The card is suspended." },
  "lost-card": {
    ko: "분실이나 도난으로 신고된 카드라서",
    en: "The card is reported lost or stolen.",
  },
  "expired-card": { ko: "카드 유효기간이 지나", en: "The card has expired." },
  "unsupported-card": {
    ko: "정기결제에 쓸 수 없는 카드라서",
    en: "The card cannot be used for recurring payments.",
  },
  "daily-count-exceeded": {
    ko: "하루 결제 횟수를 넘어",
    en: "The card has reached its number of payments a day.",
  },
  "daily-limit-exceeded": {
    ko: "하루 결제 한도를 넘어",
    en: "The card has reached its limit for a day.",
  },
  "monthly-limit-exceeded": {
    ko: "한 달 결제 한도를 넘어",
    en: "The card has reached its limit for a month.",
  },
  "card-removed": {
    ko: "등록된 카드가 지워져",
    en: "The registered card was removed.",
  },
  "other-provider": NOT_SENT,
  "not-executed": NOT_SENT,
  "given-back": {
    ko: "승인된 결제를 전액 취소해",
    en: "The payment was approved and then given back in full.",
  },
};

const NO_REASON: Bilingual = { ko: "카드사 사정으로", en: "The card issuer declined it." };

/** Why a card was declined; other reasons are told without one. */
export function declineWords(reason: DeclineReason, locale: "ko" | "en" = "ko"): string {
  return (DECLINE_WORDS[reason] ?? NO_REASON)[locale];
}

/** "오전 10시", "오후 2시". */
function hourWords(hour: number): string {
  return `${hour < 12 ? "오전" : "오후"} ${hour % 12 === 0 ? 12 : hour % 12}시`;
}
