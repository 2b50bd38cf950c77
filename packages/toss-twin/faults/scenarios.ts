import type { ErrorCode } from "@/packages/toss-twin/api/errors";

/**
 * What can go wrong with one call, whoever asked for it: a fault rule or the scenario of the card.
 * "executed" kinds move the money first and spoil only the answer.
 */
export type Effect =
  | { readonly kind: "hang-up-before" }
  | { readonly kind: "hang-up-after-execute" }
  | { readonly kind: "500-executed"; readonly store?: boolean | undefined }
  | { readonly kind: "500-not-executed"; readonly store?: boolean | undefined }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "truncated-json" }
  | { readonly kind: "html-page" }
  | { readonly kind: "wrong-amount" }
  | { readonly kind: "wrong-order-id" }
  | { readonly kind: "decline"; readonly code: ErrorCode }
  | { readonly kind: "429" }
  | { readonly kind: "outage" }
  | { readonly kind: "card-expired" }
  | { readonly kind: "key-deleted" }
  | { readonly kind: "transactions-lag"; readonly lagMs: number }
  | {
      readonly kind: "settlement-short";
      readonly byWon: number;
      readonly match: { readonly orderId?: string | undefined };
    };

type CardFace = {
  readonly issuerCode: string;
  readonly number: string;
  readonly cardType: "신용" | "체크" | "기프트" | "미확인";
  readonly ownerType: "개인" | "법인" | "미확인";
};

export type Scenario = {
  readonly key: ScenarioKey;
  readonly label: string;
  readonly hint: string;
  readonly card: CardFace;
  /** The code that ends the window instead of a success. */
  readonly refusedInWindow?: ErrorCode;
  /** `attempt` counts the approvals asked of this card so far, from 0. "slow" waits for the configured time. */
  readonly onApproval: (attempt: number) => Effect | "approve" | "slow";
};

export const scenarioKeys = [
  "normal",
  "declined-once",
  "short-of-balance",
  "stopped-card",
  "lost-card",
  "expired-card",
  "refused-at-registration",
  "unknown-card-type",
  "slow",
  "executes-then-hangs-up",
  "error-500-executed",
  "error-500-not-executed",
  "provider-hiccup",
  "broken-answer",
  "wrong-amount",
] as const;

export type ScenarioKey = (typeof scenarioKeys)[number];

const approve = () => "approve" as const;
const always = (effect: Effect) => () => effect;
const declines = (code: ErrorCode) => always({ kind: "decline", code });

/** The cards of the hosted window. Toss has no such cards: their numbers are invented and plainly so. */
export const scenarios: Readonly<Record<ScenarioKey, Scenario>> = {
  normal: {
    key: "normal",
    label: "정상 카드",
    hint: "등록과 결제가 모두 승인됩니다.",
    card: card("61", 1, "신용"),
    onApproval: approve,
  },
  "declined-once": {
    key: "declined-once",
    label: "한 번 거절되는 카드",
    hint: "첫 결제는 한도초과로 거절되고, 다음 시도부터 승인됩니다.",
    card: card("51", 2, "체크"),
    onApproval: (attempt) =>
      attempt === 0 ? { kind: "decline", code: "REJECT_CARD_PAYMENT" } : "approve",
  },
  "short-of-balance": {
    key: "short-of-balance",
    label: "잔액이 부족한 카드",
    hint: "등록은 되지만 결제는 언제나 거절됩니다.",
    card: card("15", 3, "체크"),
    onApproval: declines("REJECT_CARD_PAYMENT"),
  },
  "stopped-card": {
    key: "stopped-card",
    label: "정지된 카드",
    hint: "결제하면 INVALID_STOPPED_CARD로 거절됩니다.",
    card: card("71", 4, "신용"),
    onApproval: declines("INVALID_STOPPED_CARD"),
  },
  "lost-card": {
    key: "lost-card",
    label: "분실 신고된 카드",
    hint: "결제하면 INVALID_CARD_LOST_OR_STOLEN으로 거절됩니다.",
    card: card("11", 5, "신용"),
    onApproval: declines("INVALID_CARD_LOST_OR_STOLEN"),
  },
  "expired-card": {
    key: "expired-card",
    label: "유효기간이 지난 카드",
    hint: "결제하면 INVALID_CARD_EXPIRATION으로 거절됩니다.",
    card: card("21", 6, "신용"),
    onApproval: declines("INVALID_CARD_EXPIRATION"),
  },
  "refused-at-registration": {
    key: "refused-at-registration",
    label: "등록이 거절되는 카드",
    hint: "이 창에서 바로 REJECT_CARD_COMPANY로 끝납니다.",
    card: card("33", 7, "신용"),
    refusedInWindow: "REJECT_CARD_COMPANY",
    onApproval: declines("REJECT_CARD_COMPANY"),
  },
  "unknown-card-type": {
    key: "unknown-card-type",
    label: "종류를 알 수 없는 카드",
    hint: "등록은 되지만 결제하면 NOT_SUPPORTED_CARD_TYPE으로 거절됩니다.",
    card: { ...card("4V", 8, "미확인"), ownerType: "미확인" },
    onApproval: declines("NOT_SUPPORTED_CARD_TYPE"),
  },
  slow: {
    key: "slow",
    label: "느린 카드",
    hint: "승인되지만 응답이 아주 늦게 옵니다.",
    card: card("91", 9, "신용"),
    onApproval: () => "slow",
  },
  "executes-then-hangs-up": {
    key: "executes-then-hangs-up",
    label: "승인 후 연결이 끊기는 카드",
    hint: "결제는 승인되지만 응답 없이 연결이 끊깁니다.",
    card: card("31", 10, "신용"),
    onApproval: always({ kind: "hang-up-after-execute" }),
  },
  "error-500-executed": {
    key: "error-500-executed",
    label: "승인 후 500 오류가 나는 카드",
    hint: "결제는 승인되지만 응답은 500 오류입니다.",
    card: card("24", 11, "체크"),
    onApproval: always({ kind: "500-executed" }),
  },
  "error-500-not-executed": {
    key: "error-500-not-executed",
    label: "승인 없이 500 오류가 나는 카드",
    hint: "결제되지 않고 500 오류만 옵니다.",
    card: card("3A", 12, "체크"),
    onApproval: always({ kind: "500-not-executed" }),
  },
  "provider-hiccup": {
    key: "provider-hiccup",
    label: "일시 장애가 나는 카드",
    hint: "두 번 PROVIDER_ERROR가 난 뒤 승인됩니다.",
    card: card("41", 13, "신용"),
    onApproval: (attempt) =>
      attempt < 2 ? { kind: "decline", code: "PROVIDER_ERROR" } : "approve",
  },
  "broken-answer": {
    key: "broken-answer",
    label: "응답이 깨지는 카드",
    hint: "결제는 승인되지만 응답 JSON이 중간에 끊깁니다.",
    card: card("36", 14, "신용"),
    onApproval: always({ kind: "truncated-json" }),
  },
  "wrong-amount": {
    key: "wrong-amount",
    label: "다른 금액이 승인되는 카드",
    hint: "요청과 다른 금액으로 승인됩니다.",
    card: card("34", 15, "신용"),
    onApproval: always({ kind: "wrong-amount" }),
  },
};

/** Issuer codes and their Korean names (fact sheet 5.7). */
export const issuerNames: Readonly<Record<string, string>> = {
  "3K": "기업",
  "46": "광주",
  "71": "롯데",
  "30": "산업",
  "31": "비씨",
  "51": "삼성",
  "38": "새마을",
  "41": "신한",
  "62": "신협",
  "36": "씨티",
  "33": "우리",
  W1: "우리",
  "37": "우체국",
  "39": "저축",
  "35": "전북",
  "42": "제주",
  "15": "카카오뱅크",
  "3A": "케이뱅크",
  "24": "토스뱅크",
  "21": "하나",
  "61": "현대",
  "11": "국민",
  "91": "농협",
  "34": "수협",
  "6D": "다이너스",
  "4M": "마스터",
  "3C": "유니온페이",
  "7A": "아멕스",
  "4J": "JCB",
  "4V": "비자",
};

/** The account that a scenario has where an account is registered in place of a card. */
export function accountFace(scenario: ScenarioKey): { bankCode: string; number: string } {
  const ordinal = String(scenarioKeys.indexOf(scenario) + 1).padStart(3, "0");
  return { bankCode: "88", number: `110***${ordinal}***` };
}

function card(issuerCode: string, ordinal: number, cardType: CardFace["cardType"]): CardFace {
  const digits = String(ordinal).padStart(3, "0");
  return { issuerCode, number: `94100${digits}****${digits}*`, cardType, ownerType: "개인" };
}
