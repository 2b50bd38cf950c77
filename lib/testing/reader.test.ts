/** The reader of mails and pages notices each kind of untruth; otherwise lives that pass would prove nothing. */
import { describe, expect, it } from "vitest";
import { addDays, seoulInstant } from "@/lib/billing/calendar";
import { formatLongDate, formatNearDate } from "@/lib/billing/format";
import { day } from "./billing";
import { Reader, type Truth } from "./reader";

const today = day("2027-02-10");
const on = (ahead: number, change: Partial<Truth> = {}): Truth => ({
  now: seoulInstant(addDays(today, ahead), 12),
  attempts: [],
  approvedWon: [],
  approvedAt: null,
  hasAccess: true,
  isEnded: false,
  ...change,
});
const dayAhead = (ahead: number) => formatLongDate(addDays(today, ahead));
const nearAhead = (ahead: number) => formatNearDate(addDays(today, ahead));
const attempt = (ahead: number, amountWon = 9_900) => ({ on: addDays(today, ahead), amountWon });

type Case = readonly [what: string, words: string, then: readonly Truth[], isBroken: boolean];

const mails: readonly Case[] = [
  [
    "a charge on its day",
    `다음 결제일은 ${dayAhead(3)}이에요.`,
    [on(3, { attempts: [attempt(3)] })],
    false,
  ],
  [
    "a charge on another day",
    `다음 결제일은 ${dayAhead(3)}이에요.`,
    [on(2, { attempts: [attempt(2)] })],
    true,
  ],
  ["a charge that is not made", `다음 결제일은 ${dayAhead(3)}이에요.`, [on(4)], true],
  [
    "another amount",
    `다음 결제일은 ${dayAhead(3)}, 금액은 9,900원이에요.`,
    [on(3, { attempts: [attempt(3, 10_900)] })],
    true,
  ],
  [
    "a try on its day",
    `${dayAhead(1)} 오전 10시에 다시 결제할게요.`,
    [on(1, { attempts: [attempt(1)] })],
    false,
  ],
  ["a try that is not made", `${dayAhead(1)} 오전 10시에 다시 결제할게요.`, [on(2)], true],
  [
    "an agreed charge on another day",
    `동의하신 대로 ${dayAhead(1)}에 29,000원을 결제해요.`,
    [on(0, { attempts: [attempt(0, 29_000)] })],
    true,
  ],
  ["a charge after the end", "더 결제되지 않아요.", [on(40, { approvedWon: [9_900] })], true],
  ["no charge after the end", "더 결제되지 않아요.", [on(40)], false],
  [
    "the one charge that was under way",
    "지금 카드사에 확인하고 있는 9,900원 말고는 더 결제되지 않아요.",
    [on(1, { approvedWon: [9_900] })],
    false,
  ],
  [
    "a charge that was sent afterwards",
    "지금 카드사에 확인하고 있는 9,900원 말고는 더 결제되지 않아요.",
    [on(1, { approvedWon: [9_900], approvedAt: on(1).now })],
    true,
  ],
  [
    "one more than was under way",
    "지금 카드사에 확인하고 있는 9,900원 말고는 더 결제되지 않아요.",
    [on(1, { approvedWon: [9_900, 9_900] })],
    true,
  ],
  [
    "access that lasts",
    `${dayAhead(5)}까지 이용할 수 있고`,
    [on(5), on(6, { hasAccess: false })],
    false,
  ],
  [
    "access that does not last",
    `${dayAhead(5)}까지 이용할 수 있고`,
    [on(5, { hasAccess: false })],
    true,
  ],
  ["access that has not stopped", "결제될 때까지 이용이 멈춰 있어요.", [], true],
  ["a day that is over", `${dayAhead(-1)}까지 이용할 수 있어요.`, [], true],
  [
    "an end that does not come",
    `${dayAhead(2)} 오전 10시까지 결제되지 않으면 구독이 끝나고`,
    [on(3)],
    true,
  ],
  [
    "an end that comes",
    `${dayAhead(2)} 오전 10시까지 결제되지 않으면 구독이 끝나고`,
    [on(3, { isEnded: true })],
    false,
  ],
  [
    "a charge without consent",
    `동의하지 않으면 ${dayAhead(2)}에 체험이 끝나고 결제되지 않아요.`,
    [on(3, { attempts: [attempt(3)] })],
    true,
  ],
];

const pages: readonly Case[] = [
  [
    "a charge on its day",
    `${nearAhead(3)}에 9,900원이 결제돼요`,
    [on(3, { attempts: [attempt(3)] })],
    false,
  ],
  ["a charge that is not made", `${nearAhead(3)}에 9,900원이 결제돼요`, [on(4)], true],
  [
    "a charge today that is made tomorrow",
    "오늘 9,900원이 결제돼요",
    [on(1, { attempts: [attempt(1)] })],
    true,
  ],
  ["a day that is over", `${nearAhead(-1)}까지 쓰고 끝나요`, [], true],
];

describe.each([
  [
    "a mail",
    mails,
    (reader: Reader, words: string) => reader.readMail({ subject: "", body: words }, on(0)),
  ],
  [
    "a page",
    pages,
    (reader: Reader, words: string) => reader.readPage({ headline: words, details: [] }, on(0)),
  ],
] as const)("%s promises", (_, cases, read) => {
  it.for(cases)("%s", ([, words, then, isBroken]) => {
    const reader = new Reader();
    const live = () => {
      read(reader, words);
      for (const truth of then) reader.check(truth);
    };
    if (isBroken) expect(live).toThrow();
    else live();
  });
});

it("a payment without a receipt, and a receipt without a payment", () => {
  const reader = new Reader();
  expect(() => reader.checkReceipts(on(0, { approvedWon: [9_900] }))).toThrow();
  reader.readMail({ subject: "9,900원을 결제했어요", body: "" }, on(0));
  reader.checkReceipts(on(0, { approvedWon: [9_900] }));
  expect(() => reader.checkReceipts(on(0))).toThrow();
});

it("an act in between frees from days, and not from an end", () => {
  const reader = new Reader();
  reader.readMail({ subject: "", body: `다음 결제일은 ${dayAhead(3)}이에요.` }, on(0));
  reader.readMail({ subject: "", body: "더 결제되지 않아요." }, on(0));
  reader.happened("act");
  reader.check(on(4));
  expect(() => reader.check(on(5, { approvedWon: [9_900] }))).toThrow();
  reader.happened("order");
  reader.check(on(5, { approvedWon: [9_900] }));
});

describe("the page that cancels promises", () => {
  const kept = {
    use: `${nearAhead(5)}까지 그대로 쓸 수 있어요`,
    noMore: "다음 결제부터 결제되지 않아요",
    undo: "",
  };
  const atOnce = { use: "바로 끝나요", noMore: "밀린 9,900원은 더 결제하지 않아요", undo: "" };

  it("access to its day, and no charge", () => {
    const reader = new Reader();
    reader.readCancelPage(kept, on(0));
    reader.check(on(5));
    expect(() => reader.check(on(30, { approvedWon: [9_900] }))).toThrow();
    reader.readCancelPage(kept, on(0));
    expect(() => reader.check(on(3, { hasAccess: false }))).toThrow();
  });

  it("an end at once", () => {
    const reader = new Reader();
    expect(() => reader.readCancelPage(atOnce, on(0))).toThrow();
    reader.readCancelPage(atOnce, on(0, { hasAccess: false }));
    expect(() => reader.check(on(1, { approvedWon: [9_900] }))).toThrow();
  });

  it("no charge but the one that is under way", () => {
    const reader = new Reader();
    const atToss = {
      ...kept,
      use: "지금 확인 중인 9,900원이 결제되면 그 기간이 끝날 때까지 쓸 수 있어요",
    };
    reader.readCancelPage(atToss, on(0));
    reader.check(on(1, { approvedWon: [9_900] }));
    expect(() => reader.check(on(2, { approvedWon: [9_900, 9_900] }))).toThrow();
  });
});
