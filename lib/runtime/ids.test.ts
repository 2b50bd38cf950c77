import { expect, test } from "vitest";
import { createIds } from "./ids";

test("an id is one of a kind, fits what Toss takes, and sorts by when it was made", () => {
  let now = new Date("2027-01-31T10:00:00+09:00");
  const newId = createIds({ now: () => now });
  const ids = Array.from({ length: 1_000 }, () => newId("order"));
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.every((id) => /^ord_[0-9a-f]{32}$/.test(id))).toBe(true);
  now = new Date(now.getTime() + 1);
  const later = newId("order");
  expect(ids.every((id) => id < later)).toBe(true);
});
