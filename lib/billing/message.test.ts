import { describe, expect, it } from "vitest";
import { day, won } from "@/lib/testing/billing";
import { declineReason, type Notice, writeNotice } from "./message";
import { END_REASONS } from "./subscription";

const title = "BASIC 월간 (2026.12.09 ~ 2027.01.08)";
const failed = { kind: "payment-failed", title, amountWon: won(9_900) } as const;
const endsOn = day("2026-12-23");

const notices: readonly (readonly [what: string, notice: Notice, subject: string, body: string])[] =
  [
    [
      "a payment, with its slip and the next one",
      {
        kind: "paid",
        title,
        amountWon: won(9_900),
        receiptUrl: "https://dashboard.example/receipt/1",
        nextChargeOn: day("2027-01-09"),
      },
      "9,900원을 결제했어요",
      `${title} 9,900원을 결제했어요.\n다음 결제일은 2027년 1월 9일 (토)\u2060이에요.\n매출전표: https://dashboard.example/receipt/1`,
    ],
    [
      "a payment that is the last, without a slip",
      {
        kind: "paid",
        title: "도입 교육",
        amountWon: won(150_000),
        receiptUrl: null,
        nextChargeOn: null,
      },
      "150,000원을 결제했어요",
      "도입 교육 150,000원을 결제했어요.",
    ],
    [
      "a payment that failed and is tried again",
      { ...failed, code: "REJECT_CARD_PAYMENT", nextTryOn: day("2026-12-10"), endsOn },
      "결제하지 못했어요",
      `카드 잔액이나 한도가 부족해 ${title} 9,900원을 결제하지 못했어요.\n2026년 12월 10일 (목)\u2060 오전 10시에 다시 결제할게요.\n2026년 12월 23일 (수)\u2060까지 결제되지 않으면 구독이 끝나요.`,
    ],
    [
      "a payment that only another card can make",
      { ...failed, code: "INVALID_STOPPED_CARD", nextTryOn: null, endsOn },
      "결제하지 못했어요",
      `정지된 카드라서 ${title} 9,900원을 결제하지 못했어요.\n같은 카드로는 다시 결제하지 않아요. 다른 카드를 등록해 주세요.\n2026년 12월 23일 (수)\u2060까지 결제되지 않으면 구독이 끝나요.`,
    ],
    [
      "free days that begin",
      {
        kind: "trial-started",
        planName: "PREMIUM",
        chargeOn: day("2026-12-15"),
        amountWon: won(29_000),
      },
      "PREMIUM 무료 체험을 시작했어요",
      "오늘은 0원이에요. 2026년 12월 15일 (화)\u2060부터 29,000원이 결제돼요.\n계속 이용하려면 구독 관리에서 유료 전환에 동의해 주세요.\n동의하지 않으면 2026년 12월 14일 (월)\u2060에 체험이 끝나고 결제되지 않아요.",
    ],
    [
      "a booked end",
      { kind: "cancel-booked", planName: "BASIC", lastDay: day("2027-01-08") },
      "해지했어요",
      "BASIC 구독을 해지했어요. 2027년 1월 8일 (금)\u2060까지 이용할 수 있고, 더 결제되지 않아요.\n그날까지는 구독 관리에서 해지를 취소할 수 있어요.",
    ],
    [
      "an end taken back",
      {
        kind: "cancel-undone",
        planName: "BASIC",
        nextChargeOn: day("2027-01-09"),
        amountWon: won(9_900),
      },
      "해지를 취소했어요",
      "BASIC 구독을 계속 이용해요. 다음 결제일은 2027년 1월 9일 (토)\u2060, 금액은 9,900원이에요.",
    ],
    [
      "a trial that ended without consent",
      { kind: "ended", planName: "PREMIUM", reason: "no-consent" },
      "구독이 끝났어요",
      "PREMIUM 구독이 끝났어요. 유료 전환에 동의하지 않으셔서 결제하지 않았어요.",
    ],
    [
      "another card",
      { kind: "card-changed", card: "현대카드 ····\u00a0001*\u2060" },
      "결제수단을 바꿨어요",
      "이제 현대카드 ····\u00a0001*\u2060로 결제돼요. 전에 쓰던 카드는 지웠어요.",
    ],
    [
      "a card that is gone",
      { kind: "card-gone", card: "현대카드 ····\u00a0001*\u2060", chargeOn: day("2027-03-10") },
      "카드를 다시 등록해 주세요",
      "등록하신 현대카드 ····\u00a0001*\u2060가 토스페이먼츠에서 지워져 더 결제할 수 없어요.\n다음 결제일은 2027년 3월 10일 (수)\u2060이에요. 그 전에 구독 관리에서 카드를 등록해 주세요.\n같은 카드를 다시 등록해도 돼요.",
    ],
    [
      "a card that is gone while a payment is overdue",
      { kind: "card-gone", card: "현대카드 ····\u00a0001*\u2060", chargeOn: null },
      "카드를 다시 등록해 주세요",
      "등록하신 현대카드 ····\u00a0001*\u2060가 토스페이먼츠에서 지워져 더 결제할 수 없어요.\n밀린 금액을 결제하려면 구독 관리에서 카드를 등록해 주세요.\n같은 카드를 다시 등록해도 돼요.",
    ],
    [
      "a refund whose outcome is open",
      { kind: "refund-requested", title, amountWon: won(9_900) },
      "환불을 접수했어요",
      `${title} 9,900원 환불을 접수했어요. 처리되면 다시 알려 드릴게요.`,
    ],
    [
      "a refund that was refused after it was acknowledged",
      { kind: "refund-failed", title, amountWon: won(9_900) },
      "환불을 아직 처리하지 못했어요",
      `${title} 9,900원 환불을 카드사에서 처리하지 못했어요. 확인하고 다시 알려 드릴게요.`,
    ],
    [
      "a refund of everything on the day of the payment",
      {
        kind: "refund-done",
        title,
        amountWon: won(9_900),
        isSeenToday: true,
        receiptUrl: "https://dashboard.example/receipt/1",
      },
      "9,900원을 환불했어요",
      `${title} 9,900원을 결제하신 카드로 환불했어요.\n오늘 안에 카드 승인이 취소돼요.\n매출전표: https://dashboard.example/receipt/1`,
    ],
    [
      "a refund in part, or later",
      { kind: "refund-done", title, amountWon: won(3_300), isSeenToday: false, receiptUrl: null },
      "3,300원을 환불했어요",
      `${title} 3,300원을 결제하신 카드로 환불했어요.\n카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.`,
    ],
  ];

describe("a customer is told of", () => {
  it.each(notices)("%s", (_, notice, subject, body) => {
    expect(writeNotice(notice)).toEqual({ subject, body });
  });

  it.each(END_REASONS)("an end for the reason %s, in words", (reason) => {
    const { body } = writeNotice({ kind: "ended", planName: "BASIC", reason });
    expect(body).toMatch(/^BASIC 구독이 끝났어요\. .+요\.$/);
  });
});

it("each message is plain information: no offer, no name of a code, nothing left blank", () => {
  for (const [, notice] of notices) {
    const { subject, body } = writeNotice(notice);
    expect(`${subject}\n${body}`).not.toMatch(
      /쿠폰|할인|이벤트|혜택|undefined|null|NaN|[A-Z]+_[A-Z]/,
    );
  }
});

describe("a declined card is explained", () => {
  it.each([
    ["REJECT_CARD_PAYMENT", "카드 잔액이나 한도가 부족해"],
    ["INVALID_CARD_EXPIRATION", "카드 유효기간이 지나"],
    ["INVALID_CARD_LOST_OR_STOLEN", "분실이나 도난으로 신고된 카드라서"],
    ["EXCEED_MAX_DAILY_PAYMENT_COUNT", "하루 결제 횟수를 넘어"],
    ["A_CODE_OF_NEXT_YEAR", "카드사 사정으로"],
    ["NOT_SUPPORTED_METHOD", "카드사 사정으로"],
  ])("%s: %s", (code, words) => {
    expect(declineReason(code)).toBe(words);
  });

  it("in English by a sentence of its own", () => {
    expect(declineReason("INVALID_CARD_EXPIRATION", "en")).toBe("The card has expired.");
    expect(declineReason("A_CODE_OF_NEXT_YEAR", "en")).toBe("The card issuer declined it.");
  });
});
