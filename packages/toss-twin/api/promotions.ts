import { seoulDay } from "@/packages/toss-twin/time/seoul";
import type { ApiCall, Outcome } from "./call";
import { TossError } from "./errors";

const payTypes = ["NORMAL", "BILLING", "BRANDPAY"];
const types = ["CARD_DISCOUNT", "CARD_INTEREST_FREE", "CARD_POINT", "BANK_DISCOUNT"];

const discount = {
  discountAmount: 1_000,
  minimumPaymentAmount: 50_000,
  maximumPaymentAmount: 300_000,
};
const interestFree = { installmentFreeMonths: [2, 3], minimumPaymentAmount: 50_000 };

/** GET /v1/promotions: two invented ones for payments in the window, none for billing keys. */
export function listPromotions({ query, world }: ApiCall): Outcome {
  const payType = choice(query, "payType", payTypes) ?? "NORMAL";
  const type = choice(query, "type", types);
  const dueDate = lastDayOfMonth(world.now());
  const all = [
    { type: "CARD_DISCOUNT", payType: "NORMAL", issuerCode: "61", dueDate, ...discount },
    { type: "CARD_INTEREST_FREE", payType: "NORMAL", issuerCode: "51", dueDate, ...interestFree },
  ];
  return {
    body: all.filter((one) => one.payType === payType && (type === null || one.type === type)),
  };
}

/** GET /v1/promotions/card: the same two, sorted by kind. */
export function listCardPromotions({ world }: ApiCall): Outcome {
  const dueDate = lastDayOfMonth(world.now());
  return {
    body: {
      discountCards: [
        { cardCompany: "현대", issuerCode: "61", currency: "KRW", dueDate, ...discount },
      ],
      interestFreeCards: [
        { cardCompany: "삼성", issuerCode: "51", currency: "KRW", dueDate, ...interestFree },
      ],
    },
  };
}

function choice(query: URLSearchParams, name: string, of: readonly string[]): string | null {
  const text = query.get(name);
  if (text !== null && !of.includes(text)) throw new TossError("INVALID_REQUEST", name);
  return text;
}

function lastDayOfMonth(now: number): string {
  const [year = 0, month = 0] = seoulDay(now).split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
