import { expect, test } from "vitest";
import { runCredit } from "./credit";

test.each([
  ["grant", "kim@maedal.kr", "5000", "--reason", "사과의 뜻"],
  ["grant", "acc_1", "1", "--reason", "x"],
  ["show", "kim@maedal.kr"],
  ["show", "acc_1"],
])("takes: credit %s %s %s", (...words) => {
  expect(runCredit(words)).toBeInstanceOf(Function);
});

test.each([
  [],
  ["grant"],
  ["grant", "acc_1"],
  ["grant", "acc_1", "5000"],
  ["grant", "acc_1", "0", "--reason", "x"],
  ["grant", "acc_1", "-5000", "--reason", "x"],
  ["grant", "acc_1", "1.5", "--reason", "x"],
  ["grant", "acc_1", "5,000", "--reason", "x"],
  ["grant", "acc_1", "5000", "--reason", " "],
  ["grant", "acc_1", "5000", "--reason"],
  ["grant", "acc_1", "5000", "--because", "x"],
  ["grant", "acc_1", "5000", "acc_2", "--reason", "x"],
  ["show"],
  ["show", "acc_1", "5000"],
  ["show", "acc_1", "--reason", "x"],
  ["take", "acc_1", "5000", "--reason", "x"],
])("takes not, and does nothing: credit %s %s %s", (...words) => {
  expect(runCredit(words)).toBeNull();
});
