import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { afterEach, describe, expect, it } from "vitest";
import { blackoutEndsAt, isBlackout } from "@/lib/billing/charge/charge";
import { consentWindow } from "@/lib/billing/consent/consent";
import { anyAnchor, anyDay, anyInstant, anyInterval, day } from "@/lib/testing/billing";
import {
  addDays,
  addMonths,
  type CalendarDate,
  daysBetween,
  type Interval,
  laterOf,
  nthPeriod,
  parseCalendarDate,
  partsOf,
  seoulDayOf,
  seoulInstant,
  seoulMinuteOf,
  weekdayOf,
} from "./calendar";
import { formatLongDate } from "./format";

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const ZONES = ["UTC", "America/New_York", "Asia/Seoul"] as const;

describe("a text is a day", () => {
  it.each(["2027-01-31", "2028-02-29", "2000-02-29", "1988-10-08", "2026-12-31"])("%s", (text) => {
    expect(parseCalendarDate(text)).toBe(text);
  });
});

describe("a text is no day", () => {
  it.each([
    ["a month too long", "2027-02-29"],
    ["a century without a leap day", "2100-02-29"],
    ["the 31st of a short month", "2027-04-31"],
    ["the 31st of June", "2027-06-31"],
    ["the 31st of September", "2027-09-31"],
    ["the 31st of November", "2027-11-31"],
    ["the 32nd", "2027-01-32"],
    ["day nought", "2027-01-00"],
    ["month nought", "2027-00-10"],
    ["month 13", "2027-13-01"],
    ["no leading noughts", "2027-1-1"],
    ["an instant", "2027-01-01T00:00:00Z"],
    ["white space", " 2027-01-01"],
    ["a line break at its end", "2027-01-01\n"],
    ["Arabic digits", "٢٠٢٧-٠١-٠١"],
    ["nothing", ""],
  ])("%s", (_, text) => {
    expect(() => parseCalendarDate(text)).toThrow(RangeError);
  });
});

describe("an anchor day is kept", () => {
  it.each<[string, Interval, ...string[]]>([
    ["2027-01-31", "month", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"],
    ["2028-01-31", "month", "2028-01-31", "2028-02-29", "2028-03-31"],
    ["2027-01-30", "month", "2027-01-30", "2027-02-28", "2027-03-30"],
    ["2027-01-29", "month", "2027-01-29", "2027-02-28", "2027-03-29"],
    ["2028-01-29", "month", "2028-01-29", "2028-02-29", "2028-03-29"],
    ["2027-02-28", "month", "2027-02-28", "2027-03-28"],
    ["2026-12-31", "month", "2026-12-31", "2027-01-31", "2027-02-28"],
    ["2026-11-10", "month", "2026-11-10", "2026-12-10", "2027-01-10"],
    ["2027-11-30", "quarter", "2027-11-30", "2028-02-29", "2028-05-30", "2028-08-30"],
    ["2026-08-31", "quarter", "2026-08-31", "2026-11-30", "2027-02-28", "2027-05-31"],
    ["2028-02-29", "year", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
    ["2027-03-01", "year", "2027-03-01", "2028-03-01"],
  ])("%s by the %s", (anchorOn, interval, ...starts) => {
    const periods = starts.map((_, n) => nthPeriod(day(anchorOn), interval, n));
    expect(periods.map((period) => period.startsOn)).toEqual(starts);
    expect(periods.map((period) => period.endsOn).slice(0, -1)).toEqual(starts.slice(1));
  });
});

describe("for any anchor and interval, over 50 years", () => {
  it("periods tile without gap or overlap, and are those of an independent calendar", () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, (anchorOn, interval) => {
        const anchor = Temporal.PlainDate.from(anchorOn);
        let endsOn = anchorOn;
        for (let n = 0; n < (50 * 12) / MONTHS[interval]; n += 1) {
          const period = nthPeriod(anchorOn, interval, n);
          expect(period.startsOn).toBe(endsOn);
          expect(period.endsOn > period.startsOn).toBe(true);
          const months = (n + 1) * MONTHS[interval];
          expect(period.endsOn).toBe(anchor.add({ months }).toString());
          endsOn = period.endsOn;
        }
      }),
      { numRuns: 30 },
    );
  });

  it("a month of use is 28 to 31 days, a quarter 89 to 92, a year 365 or 366", () => {
    const lengths = { month: [28, 31], quarter: [89, 92], year: [365, 366] } as const;
    fc.assert(
      fc.property(anyAnchor, anyInterval, fc.nat(50), (anchorOn, interval, n) => {
        const { startsOn, endsOn } = nthPeriod(anchorOn, interval, n);
        const [shortest, longest] = lengths[interval];
        expect(daysBetween(startsOn, endsOn)).toBeGreaterThanOrEqual(shortest);
        expect(daysBetween(startsOn, endsOn)).toBeLessThanOrEqual(longest);
      }),
    );
  });
});

describe("counting in days and months agrees with an independent calendar", () => {
  it("forward and back", () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.integer({ min: -600, max: 600 }),
        (from, days, months) => {
          const date = Temporal.PlainDate.from(from);
          const later = addDays(from, days);
          expect(later).toBe(date.add({ days }).toString());
          expect(daysBetween(from, later)).toBe(days);
          expect(addMonths(from, months)).toBe(date.add({ months }).toString());
        },
      ),
    );
  });

  it("in weekdays from 1970 on", () => {
    fc.assert(
      fc.property(anyDay, (any) => {
        expect(weekdayOf(any)).toBe(Temporal.PlainDate.from(any).dayOfWeek % 7);
      }),
    );
    expect(["2026-12-06", "2026-12-09", "1970-01-01"].map((text) => weekdayOf(day(text)))).toEqual([
      0, 3, 4,
    ]);
  });

  it("in the order of texts", () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        expect(a < b).toBe(daysBetween(a, b) > 0);
        expect(laterOf(a, b)).toBe(daysBetween(a, b) > 0 ? b : a);
      }),
    );
  });

  it("in parts", () => {
    expect(partsOf(day("2028-02-29"))).toEqual({ year: 2028, month: 2, dayOfMonth: 29 });
  });
});

describe("an instant in Seoul", () => {
  it.each([
    ["2026-12-08T14:59:59.999Z", "2026-12-08", 23 * 60 + 59],
    ["2026-12-08T15:00:00.000Z", "2026-12-09", 0],
    ["2026-12-31T15:00:00.000Z", "2027-01-01", 0],
    ["2028-02-28T15:00:00.000Z", "2028-02-29", 0],
    ["2026-12-09T01:00:00.000Z", "2026-12-09", 10 * 60],
    ["2026-12-09T10:00:59.999+09:00", "2026-12-09", 10 * 60],
    ["2026-07-01T23:30:00-04:00", "2026-07-02", 12 * 60 + 30],
  ])("%s is on %s, %d minutes after midnight", (text, seoulDay, minute) => {
    expect(seoulDayOf(new Date(text))).toBe(seoulDay);
    expect(seoulMinuteOf(new Date(text))).toBe(minute);
  });

  it("is what an independent clock in Asia/Seoul shows", () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const there = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(
          "Asia/Seoul",
        );
        expect(seoulDayOf(instant)).toBe(there.toPlainDate().toString());
        expect(seoulMinuteOf(instant)).toBe(there.hour * 60 + there.minute);
        const minute = seoulInstant(seoulDayOf(instant), there.hour, there.minute);
        expect(instant.getTime() - minute.getTime()).toBeGreaterThanOrEqual(0);
        expect(instant.getTime() - minute.getTime()).toBeLessThan(60_000);
      }),
    );
  });

  it("of a day begins at 15:00 UTC of the day before", () => {
    expect(seoulInstant(day("2026-11-15"), 0)).toEqual(new Date("2026-11-14T15:00:00Z"));
    expect(seoulInstant(day("2026-11-15"), 23, 30)).toEqual(new Date("2026-11-15T14:30:00Z"));
  });
});

describe("the zone of the process changes nothing", () => {
  const ownZone = process.env.TZ;
  afterEach(() => {
    if (ownZone === undefined) delete process.env.TZ;
    else process.env.TZ = ownZone;
  });

  /** Every answer of the calendar about days on both sides of New York's clock changes and of midnights everywhere. */
  function almanac(): unknown {
    const instants = ["2027-03-14T06:59:59Z", "2027-03-14T07:00:00Z", "2027-11-07T06:00:00Z"]
      .concat(["2027-01-30T15:00:00Z", "2027-01-31T14:59:59Z", "2027-02-28T00:00:00Z"])
      .concat(["2026-11-14T14:59:59Z", "2026-11-14T15:00:00Z", "2026-12-15T14:30:00Z"])
      .map((text) => new Date(text));
    const days: CalendarDate[] = ["2027-01-31", "2027-03-14", "2028-02-29", "2027-11-07"].map(day);
    return {
      instants: instants.map((instant) => [
        seoulDayOf(instant),
        seoulMinuteOf(instant),
        isBlackout(instant),
        blackoutEndsAt(instant).toISOString(),
      ]),
      days: days.map((from) => [
        weekdayOf(from),
        formatLongDate(from),
        addDays(from, 1),
        addMonths(from, 1),
        seoulInstant(from, 10).toISOString(),
        consentWindow(from).opensAt.toISOString(),
        [0, 1, 2, 3].map((n) => nthPeriod(from, "month", n)),
      ]),
    };
  }

  it("under UTC, New York and Seoul", () => {
    const offsets: number[] = [];
    const answers = ZONES.map((zone) => {
      process.env.TZ = zone;
      offsets.push(new Date("2027-07-01T00:00:00Z").getTimezoneOffset());
      return almanac();
    });
    expect(offsets, "the process really changed its zone").toEqual([0, 240, -540]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});
