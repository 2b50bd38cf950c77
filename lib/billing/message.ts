/**
 * What is told to a customer about money, in plain Korean. Each message is plain information: no offer stands in one,
 * since an offer would turn it into advertising (Network Act §50).
 */
import { addDays, type CalendarDate } from "./calendar";
import { formatLongDate } from "./format";
import { formatWon, type Won } from "./money";
import type { Bilingual } from "./plan";
import { CHARGE_HOUR } from "./policy";
import type { EndReason } from "./subscription";

export type Notice =
  | {
      readonly kind: "paid";
      readonly title: string;
      readonly amountWon: Won;
      readonly receiptUrl: string | null;
      readonly nextChargeOn: CalendarDate | null;
    }
  | {
      readonly kind: "payment-failed";
      readonly title: string;
      readonly amountWon: Won;
      readonly code: string;
      readonly nextTryOn: CalendarDate | null;
      readonly endsOn: CalendarDate;
    }
  | {
      readonly kind: "trial-started";
      readonly planName: string;
      readonly chargeOn: CalendarDate;
      readonly amountWon: Won;
    }
  | { readonly kind: "cancel-booked"; readonly planName: string; readonly lastDay: CalendarDate }
  | {
      readonly kind: "cancel-undone";
      readonly planName: string;
      readonly nextChargeOn: CalendarDate;
      readonly amountWon: Won;
    }
  | { readonly kind: "ended"; readonly planName: string; readonly reason: EndReason }
  | {
      readonly kind: "order-canceled";
      readonly title: string;
      readonly amountWon: Won;
      /** What became of its payment: none was made, Toss is still asked, or one was made and goes back. */
      readonly money: "none" | "asking" | "returning";
    }
  | { readonly kind: "card-changed"; readonly card: string }
  | {
      readonly kind: "card-gone";
      readonly card: string;
      /** The day of the next charge; null when a payment is overdue already. */
      readonly chargeOn: CalendarDate | null;
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

/** Subject and body of a notice; links are added by whoever knows the address of the app. */
export function writeNotice(notice: Notice): { subject: string; body: string } {
  switch (notice.kind) {
    case "paid":
      return {
        subject: `${formatWon(notice.amountWon)}을 결제했어요`,
        body: lines(
          `${notice.title} ${formatWon(notice.amountWon)}을 결제했어요.`,
          notice.nextChargeOn && `다음 결제일은 ${formatLongDate(notice.nextChargeOn)}이에요.`,
          notice.receiptUrl && `매출전표: ${notice.receiptUrl}`,
        ),
      };
    case "payment-failed":
      return {
        subject: "결제하지 못했어요",
        body: lines(
          `${declineReason(notice.code)} ${notice.title} ${formatWon(notice.amountWon)}을 결제하지 못했어요.`,
          notice.nextTryOn
            ? `${formatLongDate(notice.nextTryOn)} ${hourWords(CHARGE_HOUR)}에 다시 결제할게요.`
            : "같은 카드로는 다시 결제하지 않아요. 다른 카드를 등록해 주세요.",
          `${formatLongDate(notice.endsOn)}까지 결제되지 않으면 구독이 끝나요.`,
        ),
      };
    case "trial-started":
      return {
        subject: `${notice.planName} 무료 체험을 시작했어요`,
        body: lines(
          `오늘은 0원이에요. ${formatLongDate(notice.chargeOn)}부터 ${formatWon(notice.amountWon)}이 결제돼요.`,
          "계속 이용하려면 구독 관리에서 유료 전환에 동의해 주세요.",
          `동의하지 않으면 ${formatLongDate(addDays(notice.chargeOn, -1))}에 체험이 끝나고 결제되지 않아요.`,
        ),
      };
    case "cancel-booked":
      return {
        subject: "해지했어요",
        body: lines(
          `${notice.planName} 구독을 해지했어요. ${formatLongDate(notice.lastDay)}까지 이용할 수 있고, 더 결제되지 않아요.`,
          "그날까지는 구독 관리에서 해지를 취소할 수 있어요.",
        ),
      };
    case "cancel-undone":
      return {
        subject: "해지를 취소했어요",
        body: `${notice.planName} 구독을 계속 이용해요. 다음 결제일은 ${formatLongDate(notice.nextChargeOn)}, 금액은 ${formatWon(notice.amountWon)}이에요.`,
      };
    case "ended":
      return {
        subject: "구독이 끝났어요",
        body: `${notice.planName} 구독이 끝났어요. ${END_WORDS[notice.reason]}`,
      };
    case "order-canceled":
      return {
        subject: "주문을 취소했어요",
        body: lines(
          `${notice.title} 주문을 취소했어요.`,
          {
            none: "결제된 금액은 없어요.",
            asking:
              "카드사에 보낸 결제 요청의 결과를 확인하고 있어요. 결제됐다면 바로 전액 환불하고, 결과를 다시 알려 드릴게요.",
            returning: `취소하기 전에 보낸 요청으로 ${formatWon(notice.amountWon)}이 결제된 것을 확인했어요. 바로 전액 환불하고 다시 알려 드릴게요.`,
          }[notice.money],
        ),
      };
    case "card-changed":
      return {
        subject: "결제수단을 바꿨어요",
        body: `이제 ${notice.card}로 결제돼요. 전에 쓰던 카드는 지웠어요.`,
      };
    case "card-gone":
      return {
        subject: "카드를 다시 등록해 주세요",
        body: lines(
          `등록하신 ${notice.card}가 토스페이먼츠에서 지워져 더 결제할 수 없어요.`,
          notice.chargeOn
            ? `다음 결제일은 ${formatLongDate(notice.chargeOn)}이에요. 그 전에 구독 관리에서 카드를 등록해 주세요.`
            : "밀린 금액을 결제하려면 구독 관리에서 카드를 등록해 주세요.",
          "같은 카드를 다시 등록해도 돼요.",
        ),
      };
    case "refund-requested":
    case "refund-failed":
    case "refund-done":
      return writeRefundNotice(notice);
    default:
      return notice satisfies never;
  }
}

function writeRefundNotice(notice: Extract<Notice, { kind: `refund-${string}` }>): {
  subject: string;
  body: string;
} {
  const what = `${notice.title} ${formatWon(notice.amountWon)}`;
  switch (notice.kind) {
    case "refund-requested":
      return {
        subject: "환불을 접수했어요",
        body: `${what} 환불을 접수했어요. 처리되면 다시 알려 드릴게요.`,
      };
    case "refund-failed":
      return {
        subject: "환불을 아직 처리하지 못했어요",
        body: `${what} 환불을 카드사에서 처리하지 못했어요. 확인하고 다시 알려 드릴게요.`,
      };
    case "refund-done":
      return {
        subject: `${formatWon(notice.amountWon)}을 환불했어요`,
        body: lines(
          `${what}을 결제하신 카드로 환불했어요.`,
          notice.isSeenToday
            ? "오늘 안에 카드 승인이 취소돼요."
            : "카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.",
          notice.receiptUrl && `매출전표: ${notice.receiptUrl}`,
        ),
      };
    default:
      return notice satisfies never;
  }
}

const END_WORDS: Readonly<Record<EndReason, string>> = {
  canceled: "해지하신 대로 더 결제되지 않아요.",
  "canceled-with-refund": "남은 기간의 금액은 환불돼요.",
  unpaid: "결제되지 않은 금액은 더 청구하지 않아요.",
  "no-consent": "유료 전환에 동의하지 않으셔서 결제하지 않았어요.",
  expired: "주문이 완료되지 않아 결제하지 않았어요.",
  operator: "궁금한 점은 문의해 주세요.",
};

/** In Korean the beginning of a sentence, in English a sentence. */
const REASONS: Readonly<Record<string, Bilingual>> = {
  REJECT_CARD_PAYMENT: {
    ko: "카드 잔액이나 한도가 부족해",
    en: "The balance or limit of the card was not enough.",
  },
  REJECT_ACCOUNT_PAYMENT: {
    ko: "계좌 잔액이 부족해",
    en: "The balance of the account was not enough.",
  },
  REJECT_CARD_COMPANY: { ko: "카드사가 승인하지 않아", en: "The card issuer did not approve it." },
  INVALID_STOPPED_CARD: { ko: "정지된 카드라서", en: "The card is suspended." },
  INVALID_CARD_LOST_OR_STOLEN: {
    ko: "분실이나 도난으로 신고된 카드라서",
    en: "The card is reported lost or stolen.",
  },
  INVALID_CARD_EXPIRATION: { ko: "카드 유효기간이 지나", en: "The card has expired." },
  NOT_SUPPORTED_CARD_TYPE: {
    ko: "정기결제에 쓸 수 없는 카드라서",
    en: "The card cannot be used for recurring payments.",
  },
  EXCEED_MAX_DAILY_PAYMENT_COUNT: {
    ko: "하루 결제 횟수를 넘어",
    en: "The card has reached its number of payments a day.",
  },
  EXCEED_MAX_ONE_DAY_AMOUNT: {
    ko: "하루 결제 한도를 넘어",
    en: "The card has reached its limit for a day.",
  },
  EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT: {
    ko: "한 달 결제 한도를 넘어",
    en: "The card has reached its limit for a month.",
  },
  ALREADY_REMOVED_BILLING_KEY: {
    ko: "등록된 카드가 지워져",
    en: "The registered card was removed.",
  },
  NOT_EXECUTED: {
    ko: "결제 요청이 카드사에 전해지지 않아",
    en: "The payment request did not reach the card issuer.",
  },
  CANCELED_AT_TOSS: {
    ko: "잘못된 금액으로 결제되어 전액 취소했고, 그래서",
    en: "A wrong amount was taken, and all of it was given back.",
  },
};

const NO_REASON: Bilingual = { ko: "카드사 사정으로", en: "The card issuer declined it." };

/** Why a card was declined; codes not listed are told without a reason. */
export function declineReason(code: string, locale: "ko" | "en" = "ko"): string {
  return (REASONS[code] ?? NO_REASON)[locale];
}

function lines(...parts: readonly (string | false | null)[]): string {
  return parts.filter(Boolean).join("\n");
}

/** "오전 10시", "오후 2시". */
function hourWords(hour: number): string {
  return `${hour < 12 ? "오전" : "오후"} ${hour % 12 === 0 ? 12 : hour % 12}시`;
}
