import { describe, expect, it } from "vitest";
import { type ChargeOutcome, type DeclineClass, notExecuted } from "./charge";
import type { DeclineReason } from "./decline";
import { classifyTogether, decideStop, STOP_KINDS, tellOfToss } from "./stop";

const now = new Date("2027-01-31T10:00:00+09:00");
const declined = (
  reason: DeclineReason,
  declineClass: DeclineClass,
  code = "A_CODE",
): ChargeOutcome => ({ kind: "declined", code, reason, declineClass });
const lost = (reason: string): ChargeOutcome => ({ kind: "unknown", reason, keySpent: false });
const short = declined("insufficient-funds", "soft");

describe("charging stops until an operator releases it", () => {
  it("at the first fault of our keys or contract, among whatever else came, and says its code", () => {
    const fault = declined("merchant-fault", "config", "WRONG_KEY");
    expect(decideStop([short, fault, lost("timeout")], 99, now)).toEqual({
      kind: "config-fault",
      reason: "WRONG_KEY",
      resumesAt: null,
    });
  });

  it("at a burst of keys that are not known, which is taken for a fault of our own", () => {
    const alone = { outcome: declined("card-unknown", "hard", "NO_SUCH_KEY") };
    expect(classifyTogether([alone])).toEqual([alone]);
    expect(decideStop([alone.outcome], 0, now)).toBeNull();
    const burst = classifyTogether(Array.from({ length: 5 }, () => alone)).map(
      ({ outcome }) => outcome,
    );
    expect(decideStop(burst, 0, now)).toMatchObject({
      kind: "config-fault",
      reason: "NO_SUCH_KEY",
    });
  });
});

describe("charging rests for five minutes", () => {
  const rest = (reason: string) => ({
    kind: "outage",
    reason,
    resumesAt: new Date("2027-01-31T10:05:00+09:00"),
  });

  it("at the tenth answer lost in a row, and says why the last one was", () => {
    expect(decideStop([lost("timeout"), lost("HTTP_503"), short], 10, now)).toEqual(
      rest("HTTP_503"),
    );
  });

  it("also when the last answers were lost elsewhere", () => {
    expect(decideStop([], 12, now)).toEqual(rest("unknown"));
  });
});

describe("charging goes on", () => {
  it.each<[string, readonly ChargeOutcome[], number]>([
    ["when nothing was charged", [], 0],
    ["after nine answers lost in a row", [lost("timeout")], 9],
    ["when customers' cards are declined", [short, declined("stopped-card", "hard")], 0],
    [
      "when the data of one customer are at fault",
      [declined("request-fault", "config", "ONE"), declined("request-fault", "config", "TWO")],
      0,
    ],
  ])("%s", (_, outcomes, unknownsInARow) => {
    expect(decideStop(outcomes, unknownsInARow, now)).toBeNull();
  });
});

describe("what outcomes tell of whether Toss answers", () => {
  const wrong: ChargeOutcome = {
    kind: "unknown",
    reason: "answer-differs",
    keySpent: false,
    review: true,
  };
  it.each<[string, ChargeOutcome, boolean]>([
    ["a decline", short, true],
    ["an answer that makes no sense", wrong, true],
    ["a lost answer", lost("timeout"), false],
    ["a card that was deleted here", declined("card-removed", "hard"), false],
    ["an attempt closed without a call", notExecuted, false],
  ])("%s", (_, outcome, isKnownAmong) => {
    const unknowns = outcome.kind === "unknown" && !isKnownAmong ? 1 : 0;
    expect(tellOfToss([outcome])).toEqual({ unknowns, isKnownAmong });
  });
});

it("knows the stops that jobs and operators make", () => {
  expect(STOP_KINDS).toEqual(["config-fault", "outage", "brake"]);
});
