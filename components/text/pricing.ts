import { CHARGE_HOUR, CONSENT_WINDOW_DAYS, WITHDRAWAL_DAYS } from "@/lib/billing/policy";
import { DUNNING } from "@/lib/billing/renewal/dunning";

const ko = {
  title: "요금제",
  heading: "쓰는 만큼 고르는 요금제",
  lead: "모든 가격은 부가세 포함이에요. 화면에 보이는 금액 그대로 결제돼요.",
  interval: "결제 주기",
  intervals: { month: "월간", quarter: "분기", year: "연간" },
  per: { month: "월", quarter: "3개월", year: "연" },
  vat: "부가세 포함",
  saveUpTo: (won: string) => `연간으로 내면 한 해에 최대 ${won}을 아껴요.`,
  perMonth: (won: string) => `한 달에 ${won}꼴`,
  saving: (won: string) => `월간보다 연 ${won} 아껴요`,
  cancelAnyTime: "매달 결제, 원할 때 해지",
  today: "오늘",
  every: { month: "매달", quarter: "3개월마다", year: "해마다" },
  free: (days: number) => `${days}일 무료`,
  trialNote:
    "그 전에 유료 전환에 따로 동의한 경우에만 결제돼요. 동의하지 않으면 체험만 끝나고 0원이에요.",
  trialUsed: "무료 체험은 처음 구독할 때만 쓸 수 있어서, 이번에는 오늘부터 결제돼요.",
  noTrialNote: (every: string) =>
    `그 뒤로 ${every} 결제돼요. 기간이 끝나기 전에 해지하면 다음 결제는 없어요.`,
  start: (plan: string) => `${plan} 시작하기`,
  startTrial: (plan: string, days: number) => `${plan} ${days}일 무료 체험`,
  includes: "포함된 것",
  held: {
    mine: "이용 중",
    account: "내 구독 보기",
    title: (plan: string) => `${plan} 구독을 이용하고 있어요`,
    cancelFirst:
      "요금제를 바로 바꾸는 기능은 아직 없어요. 다른 요금제를 쓰려면 지금 구독을 해지하고, 끝난 뒤에 새로 주문해 주세요.",
    endsOn: (day: string) => `해지하셨어요. 구독이 끝나는 ${day}부터 새로 주문할 수 있어요.`,
    waits: "지금 구독이 끝나면 주문할 수 있어요.",
    waitsUntil: (day: string) => `${day}부터 주문할 수 있어요.`,
  },
  once: {
    heading: "한 번만 결제하는 상품",
    note: "구독과 따로 살 수 있고, 다시 결제되지 않아요.",
    buy: (won: string) => `${won} 주문하기`,
  },
  empty: {
    title: "지금은 판매하는 요금제가 없어요",
    body: "곧 다시 열게요. 이미 쓰고 있는 구독은 그대로 이어져요.",
  },
  faqHeading: "결제 전에 많이 묻는 것",
  faq: [
    {
      question: "언제든 해지할 수 있나요?",
      answer:
        "네. 내 구독 화면에서 해지하기를 누르고 한 번 더 확인하면 끝나요. 전화나 이유는 필요 없어요. 해지해도 이미 낸 기간까지는 그대로 쓰고, 그 전에는 해지를 취소할 수도 있어요.",
    },
    {
      question: "환불은 어떻게 되나요?",
      answer: `결제한 날부터 ${WITHDRAWAL_DAYS}일 안이고 쓰지 않았다면 전액 돌려 드려요. 쓰던 중에 바로 그만두고 싶다면 고객센터에 요청해 주세요. 쓴 날만큼만 빼고 돌려 드려요. 위약금은 없어요.`,
    },
    {
      question: "무료 체험이 끝나면 바로 결제되나요?",
      answer: `아니요. 유료로 바뀌기 전 ${CONSENT_WINDOW_DAYS}일 안에 금액과 날짜를 보고 따로 동의한 경우에만 결제돼요. 동의하지 않으면 체험이 끝나면서 구독도 끝나요.`,
    },
    {
      question: "결제는 며칠에 되나요?",
      answer: `시작한 날과 같은 날 오전 ${CHARGE_HOUR}시 이후예요. 31일에 시작했다면 31일이 없는 달에는 그달 마지막 날에 결제하고, 다음 달에는 다시 31일로 돌아와요.`,
    },
    {
      question: "카드 결제가 실패하면요?",
      answer: `바로 끊기지 않아요. ${DUNNING.graceDays}일 동안은 그대로 쓸 수 있고, ${DUNNING.retryDays.join("·")}일 뒤에 다시 결제해 봐요. 그사이에 카드를 바꾸거나 해지할 수 있고, ${DUNNING.endsAfterDays}일이 지나도 결제되지 않으면 구독이 끝나요.`,
    },
    {
      question: "세금계산서를 받을 수 있나요?",
      answer:
        "카드로 결제하면 신용카드 매출전표가 법정 증빙이에요. 그래서 세금계산서는 따로 발행되지 않아요(부가가치세법 제33조 제2항). 매출전표는 결제 내역에서 볼 수 있어요.",
    },
  ],
  policyLink: "환불·해지 정책 전체 보기",
};

const en: typeof ko = {
  title: "Pricing",
  heading: "A plan for the way you work",
  lead: "All prices include VAT. What you see is what you pay.",
  interval: "Billing interval",
  intervals: { month: "Monthly", quarter: "Quarterly", year: "Yearly" },
  per: { month: "month", quarter: "3 months", year: "year" },
  vat: "VAT included",
  saveUpTo: (won) => `Paying yearly saves up to ${won} a year.`,
  perMonth: (won) => `${won} a month`,
  saving: (won) => `${won} a year less than monthly`,
  cancelAnyTime: "Paid monthly, cancel when you like",
  today: "Today",
  every: { month: "every month", quarter: "every 3 months", year: "every year" },
  free: (days) => `${days} days free`,
  trialNote:
    "Charged only if you agree to it separately before that day. If you do not, the trial ends and costs nothing.",
  trialUsed: "The free trial is for a first subscription, so this time you pay from today.",
  noTrialNote: (every) =>
    `After that ${every}. Cancel before a period ends and nothing more is charged.`,
  start: (plan) => `Start ${plan}`,
  startTrial: (plan, days) => `Try ${plan} free for ${days} days`,
  includes: "What is included",
  held: {
    mine: "Your plan",
    account: "My subscription",
    title: (plan) => `You are subscribed to ${plan}`,
    cancelFirst:
      "Changing plans at once is not possible yet. To use another plan, cancel your subscription and order anew after it has ended.",
    endsOn: (day) => `You cancelled. From ${day}, when it has ended, you can order anew.`,
    waits: "You can order this when your subscription has ended.",
    waitsUntil: (day) => `You can order this from ${day}.`,
  },
  once: {
    heading: "Paid once",
    note: "Bought apart from a subscription, and never charged again.",
    buy: (won) => `Order for ${won}`,
  },
  empty: {
    title: "Nothing is on sale right now",
    body: "We will be back soon. Subscriptions that are running go on as they are.",
  },
  faqHeading: "Asked before paying",
  faq: [
    {
      question: "Can I cancel at any time?",
      answer:
        "Yes. Press Cancel in your subscription and confirm once. No phone call, no reason. You keep what you paid for until it ends, and can take the cancellation back until then.",
    },
    {
      question: "What about refunds?",
      answer: `Within ${WITHDRAWAL_DAYS} days of a payment and unused, you get all of it back. To stop midway, write to us: we keep the days you used and refund the rest. There is no penalty.`,
    },
    {
      question: "Am I charged when the free trial ends?",
      answer: `Only if you agree to the amount and the date separately, within the ${CONSENT_WINDOW_DAYS} days before. If you do not, the subscription ends with the trial.`,
    },
    {
      question: "On which day am I charged?",
      answer: `On the day of the month you started, after ${CHARGE_HOUR} a.m. in Seoul. If you started on the 31st, a shorter month is charged on its last day, and the next one on the 31st again.`,
    },
    {
      question: "What if my card is declined?",
      answer: `Nothing stops at once. You keep access for ${DUNNING.graceDays} days, and we try again after ${DUNNING.retryDays.join(", ")} days. Meanwhile you can change the card or cancel. Unpaid after ${DUNNING.endsAfterDays} days, the subscription ends.`,
    },
    {
      question: "Do I get a tax invoice?",
      answer:
        "A card payment comes with a card sales slip, which is the legal evidence; a tax invoice is not issued besides (VAT Act §33②). You find the slip with each payment.",
    },
  ],
  policyLink: "The whole refund policy",
};

export const pricingText = { ko, en };
