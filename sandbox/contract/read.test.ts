import { expect, test } from "vitest";
import examples from "./examples.json";
import { parseCases, readCases } from "./read";

const [first] = examples;

test.each([
  ["no JSON", "hello", /nonsense\.json is not JSON/],
  ["an object", "{}", /nonsense\.json holds no list of cases: it begins with an object/],
  ["nothing", "null", /begins with null/],
  ["an empty list", "[]", /holds an empty list/],
])("a file of %s is told in words", (_, text, words) => {
  const { count, faults } = parseCases(text, "nonsense.json");
  expect(count).toBe(0);
  expect(faults).toEqual([expect.stringMatching(words)]);
});

test("a file that is not there is told in words", () => {
  expect(readCases("sandbox/contract/nowhere.json").faults).toEqual([
    expect.stringContaining("sandbox/contract/nowhere.json cannot be read"),
  ]);
});

test.each([
  ["a day that no calendar has", { startsOn: "2027-02-30" }, "startsOn: not a day: 2027-02-30"],
  [
    "two wishes in one step",
    step({ unitWon: 1, quantity: 2 }),
    "steps 1: holds 2 wishes instead of one",
  ],
  ["no wish in a step", step({}), "steps 1: holds 0 wishes instead of one"],
  [
    "an interval without a price",
    step({ interval: "year" }),
    "steps 1: an interval needs its unitWon",
  ],
  [
    "a step before the one before it",
    {
      steps: [
        { on: "2027-04-01", do: "look" },
        { on: "2027-03-31", do: "look" },
      ],
    },
    "steps 2 on: before 2027-04-01",
  ],
])("%s is told with its case and place", (_, fault, words) => {
  const { cases, count, faults } = parseCases(
    JSON.stringify([first, { ...first, ...fault }]),
    "cases.json",
  );
  expect([cases.length, count]).toEqual([1, 2]);
  expect(faults).toEqual([`Case 2 ("${first?.name}") cannot be played: ${words}`]);
});

function step(wish: object) {
  return { steps: [{ on: "2027-03-11", do: "change", ...wish }] };
}
