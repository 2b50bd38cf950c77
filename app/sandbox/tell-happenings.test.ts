import { expect, test } from "vitest";
import type { Happening } from "@/db/happening";
import { parseCalendarDate, seoulInstant } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import { tellHappenings } from "./tell-happenings";

const at = seoulInstant(parseCalendarDate("2027-02-28"), 10);
const item = { at, name: "김구독", amountWon: parseWon(9_900), detail: null };
const charged: Happening = {
  kind: "charged",
  count: 1,
  amountWon: parseWon(9_900),
  items: [item],
  moreCount: 0,
};

test("one charge: how much, how many, whose and when", () => {
  expect(tellHappenings([charged], "ko")).toEqual([
    {
      kind: "charged",
      title: "결제됐어요 9,900원 (1건)",
      items: [{ at: "2027년 2월 28일 (일)\u2060 10:00", words: "김구독 · 9,900원" }],
      rest: null,
    },
  ]);
  expect(tellHappenings([charged], "en")[0]).toMatchObject({ title: "Charged ₩9,900 (1)" });
});

test("many: the rest is counted, one's own and that of others apart", () => {
  const [mine] = tellHappenings([{ ...charged, count: 12, amountWon: null, moreCount: 3 }], "ko");
  expect(mine).toMatchObject({ title: "결제됐어요 (12건)", rest: "외 3건, 다른 고객 8건" });
  const [theirs] = tellHappenings([{ ...charged, count: 12, amountWon: null, items: [] }], "ko");
  expect(theirs).toMatchObject({ title: "결제됐어요 (12건)", items: [], rest: null });
});

test("an end says why, a decline its code", () => {
  const [ended, declined] = tellHappenings(
    [
      { ...charged, kind: "ended", items: [{ ...item, amountWon: null, detail: "unpaid" }] },
      { ...charged, kind: "declined", items: [{ ...item, detail: "REJECT_CARD_PAYMENT" }] },
    ],
    "ko",
  );
  expect(ended?.items[0]?.words).toBe("김구독 · 결제되지 않음");
  expect(declined?.items[0]?.words).toBe("김구독 · 9,900원 · REJECT_CARD_PAYMENT");
});
