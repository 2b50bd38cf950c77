import { rmSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { parseCalendarDate, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import { refundCharge } from "@/lib/operations/refund/send";
import { JOB } from "@/lib/operations/work";
import { env } from "@/lib/runtime/env";
import { type Story, startStory } from "@/lib/testing/story";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import type { Jobs } from "./jobs";
import { moveClock } from "./move";

// Far ahead of the machine's own clock: sandbox time only goes on from there.
const START = "2099-01-31";

/** Jobs that only the test itself runs, by the hint. */
const NO_JOBS: Jobs = {
  nextLongTick: () => null,
  nextShortRound: (after) => after,
  longTickedBetween: () => [],
  hold: async () => undefined,
  release: async () => undefined,
  run: async () => true,
};

describe("moving the sandbox's clock", () => {
  let story: Story;
  beforeEach(async () => {
    story = await startStory(START);
    rmSync(env().SANDBOX_CLOCK_FILE ?? "", { force: true });
    return story.close;
  });

  it("stops at each day something is booked for, once, in order, and lets the jobs do it", async () => {
    const file = env().SANDBOX_CLOCK_FILE ?? "";
    const clock = { now: () => readClockFile(file) };
    moveClockFile(file, story.now());
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
      { clock, hint, jobs: NO_JOBS },
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

  it("stops where a refund whose answer was lost is looked at, and the money is back when it goes on", async () => {
    const file = env().SANDBOX_CLOCK_FILE ?? "";
    const clock = { now: () => readClockFile(file) };
    const followClock = () =>
      story.minutesLater((clock.now().getTime() - story.now().getTime()) / 60_000);
    followClock();
    const payer = await story.person();
    await story.subscribe(payer, "basic-month-v1");
    const [charge] = await story.chargesOf(payer);
    await story.toss.control.withFault(
      { kind: "hang-up-after-execute", match: { operation: "cancel" } },
      () =>
        refundCharge(story.deps, {
          chargeId: charge?.id ?? "",
          amountWon: parseWon(9_900),
          reason: "청약철회",
          requestId: "lost",
          actor: JOB,
        }),
    );
    const [lost] = await story.refundsOf(payer);
    expect(lost).toMatchObject({ status: "unknown", settleAt: expect.any(Date) });

    const stops: number[] = [];
    const hint = async () => {
      followClock();
      await story.work();
    };
    const to = new Date(clock.now().getTime() + 3_600_000);
    const move = await moveClock(
      { clock, hint, jobs: NO_JOBS },
      { to, onStop: (at) => stops.push(at.getTime()) },
    );
    expect(move.kind).toBe("arrived");
    expect(stops).toContain(lost?.settleAt?.getTime());
    expect(await story.refundsOf(payer)).toMatchObject([{ status: "done" }]);
  });

  it("does not go back", async () => {
    const file = env().SANDBOX_CLOCK_FILE ?? "";
    const clock = { now: () => readClockFile(file) };
    const before = clock.now();
    await moveClock({ clock, hint: async () => undefined, jobs: NO_JOBS }, { to: new Date(0) });
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before.getTime());
  });
});
