import { expect, test } from "vitest";
import { runOperator } from "./operator";

test.each([
  "add kim@maedal.kr",
  "add Kim@Maedal.kr --role owner --name 김매달",
  "add --role support kim@maedal.kr",
  "remove kim@maedal.kr",
  "list",
])("takes: operator %s", (line) => {
  expect(runOperator(line.split(" "))).toBeInstanceOf(Function);
});

test.each([
  "",
  "add",
  "add kim",
  "add kim@maedal.kr lee@maedal.kr",
  "add kim@maedal.kr --role king",
  "add kim@maedal.kr --role customer",
  "add kim@maedal.kr --role",
  "add kim@maedal.kr --rule owner",
  "add kim@maedal.kr --name \u0007",
  "remove",
  "remove kim@maedal.kr --role owner",
  "list kim@maedal.kr",
  "promote kim@maedal.kr",
])("takes not, and does nothing: operator %s", (line) => {
  expect(runOperator(line.split(" "))).toBeNull();
});
