import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { env } from "@/lib/env";
import { type Story, startStory } from "@/lib/testing/story";
import { moveSandboxClock, sandboxNow } from "@/sandbox/clock";
import { moveClock } from "./move-clock";

// Far ahead of the machine's own clock: sandbox time only goes on from there.
const START = "2099-01-31";

describe("moving the sandbox's clock", () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory(START);
  });
  afterAll(() => story.close());

  it("stops at each day something is booked for, once, in order, and lets the jobs do it", async () => {
    const file = env().SANDBOX_CLOCK_FILE ?? "";
    const clock = { now: () => sandboxNow(file) };
    moveSandboxClock(file, story.now());
    const monthly = await story.person();
    const yearly = await story.person();
    await story.subscribe(monthly, "basic-month-v1");
    await story.subscribe(yearly, "basic-year-v1");

    const stops: string[] = [];
    const hint = async () => {
      story.minutesLater((clock.now().getTime() - story.now().getTime()) / 60_000);
      await story.work();
    };
    const to = seoulInstant(parseCalendarDate("2100-02-01"), 12);
    const move = await moveClock(
      { clock, hint },
      { to, onStop: (at) => stops.push(seoulDayOf(at)) },
    );

    expect(move).toEqual({ kind: "arrived", stops: 12 });
    expect(stops).toEqual([
      "2099-02-28",
      "2099-03-31",
      "2099-04-30",
      "2099-05-31",
      "2099-06-30",
      "2099-07-31",
      "2099-08-31",
      "2099-09-30",
      "2099-10-31",
      "2099-11-30",
      "2099-12-31",
      "2100-01-31",
    ]);
    expect(await story.paidAtToss(monthly)).toHaveLength(13);
    expect(await story.paidAtToss(yearly)).toHaveLength(2);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(to.getTime());
  });

  it("does not go back", async () => {
    const file = env().SANDBOX_CLOCK_FILE ?? "";
    const clock = { now: () => sandboxNow(file) };
    const before = clock.now();
    await moveClock({ clock, hint: async () => undefined }, { to: new Date(0) });
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before.getTime());
  });
});
