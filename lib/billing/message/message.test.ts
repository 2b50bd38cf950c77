import { describe, expect, it } from "vitest";
import { seoulInstant } from "@/lib/billing/calendar";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { END_REASONS } from "@/lib/billing/subscription/subscription";
import { day, won } from "@/lib/testing/billing";
import { declineWords, type Notice, noticeSendAt, writeNotice } from "./message";

const title = "BASIC 월간 (2026.12.09 ~ 2027.01.08)";
const failed = { kind: "payment-failed", title, amountWon: won(9_900) } as const;
const endsOn = day("2026-12-23");
const accessUntil = day("2026-12-14");
const app = "https://app.example";
const payments = `\n\n결제 내역: ${app}/account/payments`;
const account = `내 구독: ${app}/account`;
const card = `카드 등록: ${app}/account/card`;
const cancel = `해지: ${app}/account/cancel`;
const consent = `유료 전환 동의: ${app}/account/consent`;
const trial = { planName: "PREMIUM", chargeOn: day("2026-12-15"), amountWon: won(29_000) };
const ifAgreed =
  "동의하시면 2026년 12월 15일 (화)\u2060에 29,000원을 결제해요.\n동의하지 않으면 2026년 12월 14일 (월)\u2060에 체험이 끝나고 결제되지 않아요.";
const unpaidEnd =
  "2026년 12월 23일 (수)\u2060 오전 10시까지 결제되지 않으면 구독이 끝나고, 밀린 금액은 청구하지 않아요.";

const notices: readonly (readonly [what: string, notice: Notice, subject: string, body: string])[] =
  [
    [
      "a payment, with its slip and the next one",
      {
        kind: "paid",
        title,
        amountWon: won(9_900),
        creditWon: won(0),
        receiptUrl: "https://dashboard.example/receipt/1",
        nextChargeOn: day("2027-01-09"),
        lastDay: null,
      },
      "9,900원을 결제했어요",
      `${title} 9,900원을 결제했어요.\n다음 결제일은 2027년 1월 9일 (토)\u2060이에요.\n매출전표: https://dashboard.example/receipt/1${payments}`,
    ],
    [
      "a payment behind which an end is booked",
      {
        kind: "paid",
        title,
        amountWon: won(9_900),
        creditWon: won(0),
        receiptUrl: null,
        nextChargeOn: null,
        lastDay: day("2027-01-08"),
      },
      "9,900원을 결제했어요",
      `${title} 9,900원을 결제했어요.\n해지하신 대로 2027년 1월 8일 (금)\u2060까지 이용할 수 있고, 더 결제되지 않아요.${payments}`,
    ],
    [
      "a payment that is the last, without a slip",
      {
        kind: "paid",
        title: "도입 교육",
        amountWon: won(150_000),
        creditWon: won(0),
        receiptUrl: null,
        nextChargeOn: null,
        lastDay: null,
      },
      "150,000원을 결제했어요",
      `도입 교육 150,000원을 결제했어요.${payments}`,
    ],
    [
      "a payment of what credit left",
      {
        kind: "paid",
        title,
        amountWon: won(5_000),
        creditWon: won(4_900),
        receiptUrl: null,
        nextChargeOn: day("2027-01-09"),
        lastDay: null,
      },
      "5,000원을 결제했어요",
      `${title} 5,000원을 결제했어요.\n크레딧 4,900원을 먼저 썼어요.\n다음 결제일은 2027년 1월 9일 (토)\u2060이에요.${payments}`,
    ],
    [
      "a period that credit paid for",
      {
        kind: "paid",
        title,
        amountWon: won(0),
        creditWon: won(9_900),
        receiptUrl: null,
        nextChargeOn: day("2027-01-09"),
        lastDay: null,
      },
      "결제할 금액 없이 이용 기간이 이어졌어요",
      `${title} 이용 기간이 이어졌어요. 카드로 결제한 금액은 없어요.\n크레딧 9,900원을 먼저 썼어요.\n다음 결제일은 2027년 1월 9일 (토)\u2060이에요.${payments}`,
    ],
    [
      "a payment that failed and is tried again",
      {
        ...failed,
        reason: "insufficient-funds",
        nextTryOn: day("2026-12-10"),
        endsOn,
        accessUntil,
      },
      "결제하지 못했어요",
      `카드 잔액이나 한도가 부족해 ${title} 9,900원을 결제하지 못했어요.\n2026년 12월 10일 (목)\u2060 오전 10시에 다시 결제할게요.\n2026년 12월 14일 (월)\u2060까지는 그대로 이용할 수 있어요.\n${unpaidEnd}\n\n${card}\n${cancel}\n${account}`,
    ],
    [
      "a payment that only another card can make",
      { ...failed, reason: "stopped-card", nextTryOn: null, endsOn, accessUntil: null },
      "결제하지 못했어요",
      `정지된 카드라서 ${title} 9,900원을 결제하지 못했어요.\n같은 카드로는 다시 결제하지 않아요. 다른 카드를 등록해 주세요.\n결제될 때까지 이용이 멈춰 있어요.\n${unpaidEnd}\n\n${card}\n${cancel}\n${account}`,
    ],
    [
      "a payment that a card registered anew can make, the same or another",
      { ...failed, reason: "card-removed", nextTryOn: null, endsOn, accessUntil },
      "결제하지 못했어요",
      `등록된 카드가 지워져 ${title} 9,900원을 결제하지 못했어요.\n카드를 다시 등록하면 바로 결제해요. 같은 카드를 다시 등록해도 돼요.\n2026년 12월 14일 (월)\u2060까지는 그대로 이용할 수 있어요.\n${unpaidEnd}\n\n${card}\n${cancel}\n${account}`,
    ],
    [
      "access that stops, with the next try",
      {
        kind: "access-stopped",
        planName: "BASIC",
        amountWon: won(9_900),
        stoppedOn: day("2026-12-15"),
        nextTryOn: day("2026-12-19"),
        endsOn,
      },
      "BASIC 이용이 멈췄어요",
      `9,900원이 결제되지 않아 2026년 12월 15일 (화)\u2060부터 BASIC 이용이 멈췄어요. 결제되면 바로 다시 이용할 수 있어요.\n2026년 12월 19일 (토)\u2060 오전 10시에 다시 결제할게요.\n${unpaidEnd}\n\n${card}\n${cancel}\n${account}`,
    ],
    [
      "access that stops until there is another card",
      {
        kind: "access-stopped",
        planName: "BASIC",
        amountWon: won(9_900),
        stoppedOn: day("2026-12-15"),
        nextTryOn: null,
        endsOn,
      },
      "BASIC 이용이 멈췄어요",
      `9,900원이 결제되지 않아 2026년 12월 15일 (화)\u2060부터 BASIC 이용이 멈췄어요. 결제되면 바로 다시 이용할 수 있어요.\n지금 카드로는 다시 결제하지 않아요. 카드를 등록하면 바로 결제해요.\n${unpaidEnd}\n\n${card}\n${cancel}\n${account}`,
    ],
    [
      "free days that begin",
      { kind: "trial-started", ...trial, consentFrom: null },
      "PREMIUM 무료 체험을 시작했어요",
      `지금 결제된 금액은 0원이에요. 2026년 12월 14일 (월)\u2060까지 무료로 이용할 수 있어요.\n계속 이용하려면 내 구독에서 유료 전환에 동의해 주세요.\n${ifAgreed}\n\n${consent}\n${cancel}\n${account}`,
    ],
    [
      "free days so long that consent cannot be given yet",
      { kind: "trial-started", ...trial, consentFrom: day("2026-11-15") },
      "PREMIUM 무료 체험을 시작했어요",
      `지금 결제된 금액은 0원이에요. 2026년 12월 14일 (월)\u2060까지 무료로 이용할 수 있어요.\n계속 이용하려면 유료 전환에 동의해 주세요. 2026년 11월 15일 (일)\u2060부터 동의할 수 있고, 그때 메일로 알려 드려요.\n${ifAgreed}\n\n${cancel}\n${account}`,
    ],
    [
      "free days that end soon, without consent",
      { kind: "trial-ends", ...trial, hasConsent: false, card: "현대카드 ····\u00a0001*\u2060" },
      "PREMIUM 무료 체험이 2026년 12월 14일 (월)\u2060에 끝나요",
      `아직 유료 전환에 동의하지 않으셨어요.\n${ifAgreed}\n\n${consent}\n${cancel}\n${account}`,
    ],
    [
      "a first charge that comes soon",
      { kind: "trial-ends", ...trial, hasConsent: true, card: "현대카드 ····\u00a0001*\u2060" },
      "2026년 12월 15일 (화)\u2060에 29,000원이 결제돼요",
      `PREMIUM 무료 체험이 2026년 12월 14일 (월)\u2060에 끝나요. 동의하신 대로 2026년 12월 15일 (화)\u2060에 29,000원을 결제해요.\n결제수단은 현대카드 ····\u00a0001*\u2060예요.\n그 전에 해지하면 결제되지 않아요.\n\n${cancel}\n${card}\n${account}`,
    ],
    [
      "a first charge that comes soon, and no card to make it with",
      { kind: "trial-ends", ...trial, hasConsent: true, card: null },
      "2026년 12월 15일 (화)\u2060에 29,000원이 결제돼요",
      `PREMIUM 무료 체험이 2026년 12월 14일 (월)\u2060에 끝나요. 동의하신 대로 2026년 12월 15일 (화)\u2060에 29,000원을 결제해요.\n등록된 카드가 없어요. 그 전에 카드를 등록해 주세요.\n그 전에 해지하면 결제되지 않아요.\n\n${cancel}\n${card}\n${account}`,
    ],
    [
      "consent, as a receipt",
      {
        kind: "consent-given",
        planName: "PREMIUM",
        agreedOn: day("2026-12-03"),
        chargeOn: day("2026-12-15"),
        fromWon: won(0),
        toWon: won(29_000),
      },
      "유료 전환에 동의하셨어요",
      `2026년 12월 3일 (목)\u2060에 PREMIUM 요금이 0원에서 29,000원(부가세 포함)으로 바뀌는 데 동의하셨어요.\n2026년 12월 15일 (화)\u2060에 29,000원을 결제해요.\n그 전에 해지하면 결제되지 않아요.\n\n${cancel}\n${account}`,
    ],
    [
      "a booked end",
      { kind: "cancel-booked", planName: "BASIC", lastDay: day("2027-01-08") },
      "해지했어요",
      `BASIC 구독을 해지했어요. 2027년 1월 8일 (금)\u2060까지 이용할 수 있고, 더 결제되지 않아요.\n그날까지는 내 구독에서 해지를 취소할 수 있어요.\n\n${account}`,
    ],
    [
      "an end at once",
      { kind: "cancel-done", planName: "BASIC" },
      "해지했어요",
      `BASIC 구독을 해지했어요. 구독은 바로 끝났고, 더 결제되지 않아요.\n\n${account}`,
    ],
    [
      "an end that a charge at Toss decides",
      {
        kind: "cancel-pending",
        planName: "BASIC",
        amountWon: won(9_900),
        lastDay: day("2027-02-08"),
      },
      "해지했어요",
      `BASIC 구독을 해지했어요. 지금 카드사에 확인하고 있는 9,900원 말고는 더 결제되지 않아요.\n그 금액이 결제되면 2027년 2월 8일 (월)\u2060까지 이용할 수 있고, 결제되지 않으면 바로 끝나요. 확인되는 대로 알려 드릴게요.\n\n${account}`,
    ],
    [
      "an end taken back",
      {
        kind: "cancel-undone",
        planName: "BASIC",
        nextChargeOn: day("2027-01-09"),
        amountWon: won(9_900),
        needsConsent: false,
      },
      "해지를 취소했어요",
      `BASIC 구독을 계속 이용해요. 다음 결제일은 2027년 1월 9일 (토)\u2060, 금액은 9,900원이에요.\n\n${cancel}\n${account}`,
    ],
    [
      "an end in free days taken back: it is to be agreed to anew",
      {
        kind: "cancel-undone",
        planName: "PREMIUM",
        nextChargeOn: day("2026-12-15"),
        amountWon: won(29_000),
        needsConsent: true,
      },
      "해지를 취소했어요",
      `PREMIUM 무료 체험을 계속 이용해요. 체험이 끝난 뒤에도 쓰려면 유료 전환에 새로 동의해 주세요.\n${ifAgreed}\n\n${consent}\n${cancel}\n${account}`,
    ],
    [
      "a trial that ended without consent",
      { kind: "ended", planName: "PREMIUM", reason: "no-consent" },
      "구독이 끝났어요",
      `PREMIUM 구독이 끝났어요. 유료 전환에 동의하지 않으셔서 결제하지 않았어요.\n\n${account}`,
    ],
    [
      "another card",
      { kind: "card-changed", card: "현대카드 ····\u00a0001*\u2060", pendingWon: null },
      "결제수단을 바꿨어요",
      `이제 현대카드 ····\u00a0001*\u2060로 결제돼요. 전에 쓰던 카드는 지워요.\n\n${card}`,
    ],
    [
      "another card, while the one used so far is at Toss",
      { kind: "card-changed", card: "현대카드 ····\u00a0001*\u2060", pendingWon: won(9_900) },
      "결제수단을 바꿨어요",
      `지금 카드사에 확인하고 있는 9,900원은 전에 쓰던 카드로 결제될 수 있어요.\n그 뒤로는 현대카드 ····\u00a0001*\u2060로 결제하고, 전에 쓰던 카드는 지워요.\n\n${card}`,
    ],
    [
      "a card that is gone",
      {
        kind: "card-gone",
        card: "현대카드 ····\u00a0001*\u2060",
        chargeOn: day("2027-03-10"),
        isOverdue: false,
      },
      "카드를 다시 등록해 주세요",
      `등록하신 현대카드 ····\u00a0001*\u2060가 토스페이먼츠에서 지워져 더 결제할 수 없어요.\n다음 결제일은 2027년 3월 10일 (수)\u2060이에요. 그 전에 내 구독에서 카드를 등록해 주세요.\n같은 카드를 다시 등록해도 돼요.\n\n${card}\n${cancel}`,
    ],
    [
      "a card that is gone while a payment is overdue",
      { kind: "card-gone", card: "현대카드 ····\u00a0001*\u2060", chargeOn: null, isOverdue: true },
      "카드를 다시 등록해 주세요",
      `등록하신 현대카드 ····\u00a0001*\u2060가 토스페이먼츠에서 지워져 더 결제할 수 없어요.\n밀린 금액을 결제하려면 내 구독에서 카드를 등록해 주세요.\n같은 카드를 다시 등록해도 돼요.\n\n${card}\n${cancel}`,
    ],
    [
      "a card that is gone in free days to whose end nobody has agreed",
      {
        kind: "card-gone",
        card: "현대카드 ····\u00a0001*\u2060",
        chargeOn: null,
        isOverdue: false,
      },
      "카드를 다시 등록해 주세요",
      `등록하신 현대카드 ····\u00a0001*\u2060가 토스페이먼츠에서 지워져 더 결제할 수 없어요.\n무료 체험이 끝난 뒤에도 이용하려면 내 구독에서 카드를 등록해 주세요.\n같은 카드를 다시 등록해도 돼요.\n\n${card}\n${cancel}`,
    ],
    [
      "a refund whose outcome is open",
      { kind: "refund-requested", title, amountWon: won(9_900) },
      "환불을 접수했어요",
      `${title} 9,900원 환불을 접수했어요. 처리되면 다시 알려 드릴게요.${payments}`,
    ],
    [
      "a refund that was refused after it was acknowledged",
      { kind: "refund-failed", title, amountWon: won(9_900) },
      "환불을 아직 처리하지 못했어요",
      `${title} 9,900원 환불을 카드사에서 처리하지 못했어요. 확인하고 다시 알려 드릴게요.${payments}`,
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
      `${title} 9,900원을 결제하신 카드로 환불했어요.\n오늘 안에 카드 승인이 취소돼요.\n매출전표: https://dashboard.example/receipt/1${payments}`,
    ],
    [
      "a refund in part, or later",
      { kind: "refund-done", title, amountWon: won(3_300), isSeenToday: false, receiptUrl: null },
      "3,300원을 환불했어요",
      `${title} 3,300원을 결제하신 카드로 환불했어요.\n카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.${payments}`,
    ],
  ];

describe("a customer is told of", () => {
  it.for(notices)("%s", ([, notice, subject, body]) => {
    expect(writeNotice(notice, app)).toEqual({ subject, body });
  });

  it.each(END_REASONS)("an end for the reason %s, in words", (reason) => {
    const { body } = writeNotice({ kind: "ended", planName: "BASIC", reason }, app);
    expect(body).toMatch(/^BASIC 구독이 끝났어요\. .+요\.\n\n내 구독: /);
  });
});

it("each message is plain information: no offer, no name of a code, nothing left blank", () => {
  for (const [, notice] of notices) {
    const { subject, body } = writeNotice(notice, app);
    expect(`${subject}\n${body}`).not.toMatch(
      /쿠폰|할인|이벤트|혜택|undefined|null|NaN|[A-Z]+_[A-Z]/,
    );
  }
});

describe("a mail that nobody waits for is sent by day", () => {
  const at = (hour: number, minute = 0) => seoulInstant(day("2026-12-09"), hour, minute);
  it.each([
    ["payment-failed", at(8, 59), at(9)],
    ["payment-failed", at(9), at(9)],
    ["payment-failed", at(19, 59), at(19, 59)],
    ["payment-failed", at(20), seoulInstant(day("2026-12-10"), 9)],
    ["ended", at(0), at(9)],
    ["trial-ends", at(23, 59), seoulInstant(day("2026-12-10"), 9)],
    ["card-gone", at(3), at(9)],
    ["access-stopped", at(3), at(9)],
  ] as const)("%s, written at %s", (kind, now, sentAt) => {
    expect(noticeSendAt(kind, now)).toEqual(sentAt);
  });

  it.each(["paid", "cancel-booked", "cancel-done", "consent-given", "refund-done"] as const)(
    "%s comes at once, at any hour",
    (kind) => {
      expect(noticeSendAt(kind, at(0, 30))).toEqual(at(0, 30));
    },
  );
});

describe("a declined card is explained", () => {
  it.each<[DeclineReason, string]>([
    ["insufficient-funds", "카드 잔액이나 한도가 부족해"],
    ["expired-card", "카드 유효기간이 지나"],
    ["lost-card", "분실이나 도난으로 신고된 카드라서"],
    ["daily-count-exceeded", "하루 결제 횟수를 넘어"],
    ["unknown", "카드사 사정으로"],
    ["merchant-fault", "카드사 사정으로"],
    ["other-provider", "결제 요청이 카드사에 전해지지 않아"],
  ])("%s: %s", (reason, words) => {
    expect(declineWords(reason)).toBe(words);
  });

  it("in English by a sentence of its own", () => {
    expect(declineWords("expired-card", "en")).toBe("The card has expired.");
    expect(declineWords("unknown", "en")).toBe("The card issuer declined it.");
  });
});

describe("money that was taken and given back", () => {
  const returned = { kind: "payment-returned", title, amountWon: won(9_900) } as const;

  it("is told with both amounts and the day of the next try", () => {
    const nextTryOn = day("2026-12-10");
    const { subject, body } = writeNotice(
      { ...returned, takenWon: won(10_900), nextTryOn, endsOn },
      app,
    );
    expect(subject).toBe("10,900원 결제를 전액 취소했어요");
    expect(body).toBe(
      `${title} 9,900원을 결제하다가 10,900원이 잘못 결제됐어요.\n10,900원은 전액 취소했어요. 카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.\n2026년 12월 10일 (목)\u2060 오전 10시에 9,900원을 다시 결제할게요.\n2026년 12월 23일 (수)\u2060 오전 10시까지 결제되지 않으면 구독이 끝나고, 밀린 금액은 청구하지 않아요.\n\n${account}\n${cancel}`,
    );
  });

  it("promises nothing where nothing is tried again, and calls the right amount no mistake", () => {
    const nothing = { nextTryOn: null, endsOn: null };
    const { body } = writeNotice({ ...returned, takenWon: won(9_900), ...nothing }, app);
    expect(body).toBe(
      `${title} 9,900원이 결제됐지만 이용으로 이어지지 못했어요.\n9,900원은 전액 취소했어요. 카드사에 따라 3~5영업일 안에 취소 내역을 확인할 수 있어요.\n\n${account}`,
    );
  });
});

describe("an order that is cancelled", () => {
  it.each([
    ["none", "결제된 금액은 없어요."],
    ["asking", "결제됐다면 바로 전액 환불하고"],
    ["returning", "9,900원이 결제된 것을 확인했어요. 바로 전액 환불하고"],
  ] as const)("with %s of its money taken says so", (money, words) => {
    const order = { kind: "order-canceled", title, amountWon: won(9_900), money } as const;
    expect(writeNotice(order, app).body).toContain(words);
  });
});
