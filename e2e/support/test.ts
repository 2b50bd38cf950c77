/**
 * The test all journeys are told with. It watches every page for errors nobody expected, signs a new customer in on
 * demand, and brings the clock of the worker's world to the hours in which people and jobs are awake.
 */

import { test as base, expect } from "playwright/test";
import { closeDb } from "@/db/client";
import { addDays, seoulDayOf, seoulInstant, seoulMinuteOf } from "@/lib/billing/calendar";
import { moveClockFile } from "@/packages/local-kit/clock-file";
import { newPerson, type Person, signInOn } from "./people";
import { clearCalendar, clockFile, now } from "./world";

type Fixtures = {
  /** "moves" for tests that move the clock: what earlier tests left to do is taken off the calendar before. */
  time: "stands" | "moves";
  daylight: undefined;
  calendar: undefined;
  /** What a page may complain about in this test; anything else fails it. */
  noise: RegExp[];
  watch: undefined;
  /** A new customer, signed in on `page`. */
  customer: Person;
};

type WorkerFixtures = { database: undefined };

/** Noon, so that a test neither crosses midnight nor meets the hours in which no card is charged. */
const NOON = 12;

export const test = base.extend<Fixtures, WorkerFixtures>({
  time: ["stands", { option: true }],

  // Before each test, since the one before it may have moved the clock into the evening.
  daylight: [
    async ({ database }, use) => {
      const today = seoulDayOf(now());
      const minute = seoulMinuteOf(now());
      if (minute < 9 * 60) moveClockFile(clockFile(), seoulInstant(today, NOON));
      if (minute > 21 * 60) moveClockFile(clockFile(), seoulInstant(addDays(today, 1), NOON));
      await use(database);
    },
    { auto: true },
  ],

  calendar: [
    async ({ time, daylight }, use) => {
      if (time === "moves") await clearCalendar();
      await use(daylight);
    },
    { auto: true },
  ],

  noise: async ({ browserName: _ }, use) => {
    await use([]);
  },

  watch: [
    async ({ context, noise, time }, use, testInfo) => {
      // Every job of every day on the way is run: on a small and busy machine a month takes a while.
      if (time === "moves") testInfo.setTimeout(testInfo.timeout * 3);
      const complaints: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error")
          complaints.push(`${message.page()?.url()}: ${message.text()}`);
      });
      context.on("weberror", (fault) => complaints.push(String(fault.error())));
      await use(undefined);
      const unexpected = complaints.filter((text) => !noise.some((pattern) => pattern.test(text)));
      expect(unexpected, "what the pages complained about").toEqual([]);
    },
    { auto: true },
  ],

  customer: async ({ context }, use) => {
    const person = await newPerson();
    await signInOn(context, person);
    await use(person);
  },

  database: [
    async ({ browserName: _ }, use) => {
      await use(undefined);
      await closeDb();
    },
    { scope: "worker" },
  ],
});

export { expect };
