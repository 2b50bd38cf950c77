/** What is folded from invoices and pauses is what the contract was led to, one event after the other. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldHistory, type HistoryEvent } from "@/lib/billing/subscription/history";
import { anyLife, live } from "./lives";
import type { Played } from "./play";

fc.configureGlobal({ seed: 20_270_323 });

/** The events between two looks at a contract, oldest first. */
function eventsBetween(before: Played | null, after: Played): readonly HistoryEvent[] {
  const made = after.orders.slice(0, after.orders.length - (before?.orders.length ?? 0));
  const paid = made.toReversed().map(({ order, paidOn }): HistoryEvent => {
    const { kind, on, lines, due, opens, terms } = order;
    return { kind: "paid", invoice: { kind, on, lines, due, opens, terms }, paidOn };
  });
  return paid;
}

test("at the end of every day", () => {
  let compared = 0;
  fc.assert(
    fc.property(anyLife, (life) => {
      let before: Played | null = null;
      let events: HistoryEvent[] = [];
      live(life, { daysMore: 3 }, (played, today) => {
        const was = before?.contract.pausedOn ?? null;
        const is = played.contract.pausedOn;
        // On a day of both, an order comes before a pause and after a resume.
        if (was !== null && is !== was) events.push({ kind: "resumed", on: today });
        events.push(...eventsBetween(before, played));
        if (is !== null && is !== was) events.push({ kind: "paused", on: today });
        const newest = events.findLastIndex(
          (event) => event.kind === "paid" && event.invoice.kind === "period",
        );
        events = events.slice(newest);
        before = played;
        const { segments, base, periodDays, pausedOn } = played.contract;
        expect(foldHistory(events)).toEqual({ segments, base, periodDays, pausedOn });
        compared += 1;
      });
    }),
    { numRuns: 40 },
  );
  expect(compared).toBeGreaterThan(1_000);
});
