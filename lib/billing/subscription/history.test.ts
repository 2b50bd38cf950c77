import { describe, expect, test } from "vitest";
import { day } from "@/lib/testing/billing";
import { moveWish, runningContract, unpaidContract, walletOf } from "@/lib/testing/contract";
import { quoteChange } from "./change";
import { afterOrder } from "./contract";
import { foldHistory, type HistoryEvent, type PaidInvoice, termsOn } from "./history";
import { changeByOperator } from "./operator-change";
import { orderNextPeriod } from "./order";

const first = orderNextPeriod(unpaidContract(), walletOf());

function paid(invoice: PaidInvoice, paidOn = invoice.on): HistoryEvent {
  return { kind: "paid", invoice, paidOn };
}

describe("folded from invoices", () => {
  test("nothing is worth nothing", () => {
    expect(foldHistory([])).toEqual({ segments: [], base: [], periodDays: 0, pausedOn: null });
  });

  test("a period paid late begins when it is paid", () => {
    const { segments, base } = afterOrder(unpaidContract(), first, day("2027-03-06"));
    expect(foldHistory([paid(first, day("2027-03-06"))])).toMatchObject({ segments, base });
    expect(segments).toMatchObject([{ startsOn: "2027-03-06", days: 26 }]);
  });

  test("another plan takes the place of the one it credits", () => {
    const quote = quoteChange(runningContract(), moveWish(29_000, "month", { plan: "premium" }), {
      today: day("2027-03-11"),
      wallet: walletOf(),
    });
    if (quote.kind !== "now") throw new Error(quote.kind);
    expect(foldHistory([paid(first), paid(quote.order)])).toEqual({
      segments: [
        { key: "premium", startsOn: "2027-03-11", days: 21, valueWon: 19_645, giftWon: 0 },
      ],
      base: [
        { paidOn: "2027-03-01", won: 9_900 },
        { paidOn: "2027-03-11", won: 12_938 },
      ],
      periodDays: 31,
      pausedOn: null,
    });
  });

  test("free days lie behind the paid ones, also after a pause", () => {
    const events: HistoryEvent[] = [
      paid(first),
      { kind: "extended", startsOn: day("2027-04-01"), days: 10 },
      { kind: "paused", on: day("2027-03-21") },
      { kind: "resumed", on: day("2027-04-21") },
    ];
    expect(foldHistory(events).segments).toMatchObject([
      { key: "basic", startsOn: "2027-04-21", days: 11 },
      { key: "free-days", startsOn: "2027-05-02", days: 10 },
    ]);
    const extended = changeByOperator(
      runningContract(),
      { kind: "extend", days: 10, reason: "장애 보상" },
      { today: day("2027-03-11"), renewal: "not-begun" },
    );
    expect(extended).toMatchObject({
      contract: { segments: foldHistory(events.slice(0, 2)).segments },
    });
  });
});

test.each([
  ["2027-02-28", null],
  ["2027-03-01", 9_900],
  ["2027-03-10", 9_900],
  ["2027-03-11", 29_000],
  ["2099-12-31", 29_000],
])("what held on %s can be read: %s won", (on, unitWon) => {
  const entries = [
    { from: day("2027-03-01"), terms: unpaidContract().terms },
    { from: day("2027-03-11"), terms: unpaidContract({ unitWon: 29_000 }).terms },
  ];
  expect(termsOn(entries, day(on))?.plan.unitWon ?? null).toBe(unitWon);
});
