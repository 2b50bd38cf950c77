import { describe, expect, test } from "vitest";
import { contractCases } from "./case";
import { firstDifference } from "./compare";
import examples from "./examples.json";
import { play } from "./play";

const cases = contractCases.parse(examples);

describe("every worked example", () => {
  test.each(cases.map((contractCase) => [contractCase.name, contractCase] as const))(
    "%s",
    (_, contractCase) => {
      expect(firstDifference(contractCase.then, play(contractCase))).toBeNull();
    },
  );
});

test("a won too many is named with its place", () => {
  const [first] = cases;
  if (!first) throw new Error("There are no examples");
  const outcome = play(first);
  const invoices = outcome.invoices.map((invoice, at) =>
    at === 1 ? { ...invoice, dueWon: 1 } : invoice,
  );
  expect(firstDifference({ ...first.then, ...{ invoices } } as typeof outcome, outcome)).toBe(
    "invoice 2 dueWon: expected 1, the rules give 12938",
  );
});
