import { expect, test } from "vitest";
import { CHANGE_STATUSES, type ChangeEvent, nextChangeStatus } from "./change-status";

test.for([
  ["confirmed-to-pay", "quoted", "waiting-for-money"],
  ["confirmed-for-later", "quoted", "booked"],
  ["confirmed-at-once", "quoted", "applied"],
  ["expired", "quoted", "lapsed"],
  ["expired", "booked", "lapsed"],
  ["paid", "waiting-for-money", "applied"],
  ["declined", "waiting-for-money", "lapsed"],
  ["withdrawn", "waiting-for-money", "lapsed"],
  ["due", "booked", "applied"],
  ["undone", "booked", "undone"],
  ["undone", "applied", "undone"],
] as const)("%s: a change that is %s becomes %s", ([event, from, to]) => {
  expect(nextChangeStatus(from, event)).toBe(to);
});

test("no change is in force before its money has moved, and none leaves its end", () => {
  const unpaid = ["due", "confirmed-at-once", "undone", "expired"] as const;
  for (const event of unpaid) expect(nextChangeStatus("waiting-for-money", event)).toBeNull();
  const events: readonly ChangeEvent[] = [...unpaid, "paid", "declined", "withdrawn"];
  for (const status of CHANGE_STATUSES.slice(-2))
    for (const event of events) expect(nextChangeStatus(status, event)).toBeNull();
});
