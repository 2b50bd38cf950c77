import { describe, expect, it } from "vitest";
import { type ChargeOutcome, notExecuted } from "./charge";
import { decideStop, STOP_KINDS, tellOfToss } from "./stop";

const now = new Date("2027-01-31T10:00:00+09:00");
const declined = (code: string, declineClass: "soft" | "hard" | "config"): ChargeOutcome => ({
  kind: "declined",
  code,
  declineClass,
});
const lost = (reason: string): ChargeOutcome => ({ kind: "unknown", reason, keySpent: false });
const short = declined("REJECT_CARD_PAYMENT", "soft");

describe("charging stops until an operator releases it", () => {
  it.each(["UNAUTHORIZED_KEY", "INVALID_API_KEY", "NOT_SUPPORTED_METHOD", "NOT_FOUND_MERCHANT"])(
    "at the first %s, among whatever else came",
    (code) => {
      expect(decideStop([short, declined(code, "config"), lost("timeout")], 99, now)).toEqual({
        kind: "config-fault",
        reason: code,
        resumesAt: null,
      });
    },
  );
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
    ["when customers' cards are declined", [short, declined("INVALID_STOPPED_CARD", "hard")], 0],
    [
      "when the data of one customer are at fault",
      [declined("NOT_MATCHES_CUSTOMER_KEY", "config"), declined("BELOW_MINIMUM_AMOUNT", "config")],
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
    ["a card that was deleted here", declined("ALREADY_REMOVED_BILLING_KEY", "hard"), false],
    ["an attempt closed without a call", notExecuted, false],
  ])("%s", (_, outcome, isKnownAmong) => {
    const unknowns = outcome.kind === "unknown" && !isKnownAmong ? 1 : 0;
    expect(tellOfToss([outcome])).toEqual({ unknowns, isKnownAmong });
  });
});

it("knows the stops that jobs and operators make", () => {
  expect(STOP_KINDS).toEqual(["config-fault", "outage", "brake"]);
});
