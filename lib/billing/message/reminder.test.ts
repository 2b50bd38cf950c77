import { describe, expect, it } from "vitest";
import { seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { active, day, ended, incomplete, pastDue, trialing } from "@/lib/testing/billing";
import { decideReminder, nextReminderAt } from "./reminder";

const trial = trialing({ anchorOn: day("2027-02-03") });
const leaving = trialing({ anchorOn: day("2027-02-03"), cancelsOn: day("2027-02-03") });

describe("the next reminder", () => {
  it.for<[string, Subscription, string, number, string | null]>([
    ["of free days comes a week before they end", trial, "2027-01-20", 10, "2027-01-27"],
    ["is the same day's while it is not nine yet", trial, "2027-01-27", 8, "2027-01-27"],
    ["is the day before once that is told", trial, "2027-01-27", 9, "2027-02-02"],
    ["does not come again", trial, "2027-02-02", 9, null],
    [
      "of longer free days comes when consent opens",
      trialing({ anchorOn: day("2027-03-15") }),
      "2027-01-20",
      10,
      "2027-02-13",
    ],
    ["does not come once an end is booked", leaving, "2027-01-20", 10, null],
    ["of an overdue payment comes when access stops", pastDue(), "2027-02-28", 10, "2027-03-06"],
    [
      "moves with a try that our standstill made late",
      pastDue({ nextTryOn: day("2027-03-03") }),
      "2027-03-05",
      10,
      "2027-03-08",
    ],
    [
      "does not come after access has stopped",
      pastDue({ nextTryOn: day("2027-03-14") }),
      "2027-03-10",
      10,
      null,
    ],
    [
      "does not come while the charge that decides the end is at Toss",
      pastDue({ cancelsOn: day("2027-03-01") }),
      "2027-03-01",
      10,
      null,
    ],
    ["is not for a paid contract", active(), "2027-02-01", 10, null],
    ["is not for an order", incomplete(), "2027-02-01", 10, null],
    ["is not for what is over", ended(), "2027-02-01", 10, null],
  ])("%s", ([, subscription, today, hour, on]) => {
    const at = nextReminderAt(subscription, seoulInstant(day(today), hour));
    expect(at).toEqual(on === null ? null : seoulInstant(day(on), 9));
    expect(at && seoulDayOf(at)).toBe(on);
  });
});

describe("what is told on the day", () => {
  it.for<[string, Subscription, string, string | null]>([
    ["free days end", trial, "2027-02-02", "trial-ends"],
    ["nothing, on the day of the first charge", trial, "2027-02-03", null],
    ["nothing, once an end is booked", leaving, "2027-02-02", null],
    ["nothing, while access lasts", pastDue({ nextTryOn: null }), "2027-03-05", null],
    ["access has stopped", pastDue({ nextTryOn: null }), "2027-03-06", "access-stopped"],
    ["nothing, of a paid contract", active(), "2027-02-02", null],
    ["nothing, of an order", incomplete(), "2027-02-02", null],
    ["nothing, of what is over", ended(), "2027-03-06", null],
  ])("%s", ([, subscription, today, kind]) => {
    expect(decideReminder(subscription, day(today))).toBe(kind);
  });
});
