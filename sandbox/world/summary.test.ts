import { expect, test } from "vitest";
import { countPlaywright, countVitest, total } from "./summary";

test("Vitest's report is counted by kind of test", () => {
  const report = {
    success: false,
    testResults: [
      file("/r/lib/billing/money.test.ts", "passed", ["passed", "passed"]),
      file("/r/lib/operations/renew.db.test.ts", "failed", ["passed", "failed"]),
    ],
  };
  expect(countVitest(report)).toEqual({
    unit: { passed: 2, failed: 0 },
    database: { passed: 1, failed: 1 },
  });
});

test("a test file that cannot be loaded counts as a failure", () => {
  const report = { success: false, testResults: [file("/r/a.test.ts", "failed", [])] };
  expect(countVitest(report).unit).toEqual({ passed: 0, failed: 1 });
});

test("Playwright's flaky tests and errors outside tests are failures", () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
  expect(countPlaywright({ stats, errors: [{ message: "no such page" }] })).toEqual({
    passed: 5,
    failed: 3,
  });
});

test("counts add up", () => {
  const counts = [
    { passed: 2, failed: 1 },
    { passed: 3, failed: 0 },
  ];
  expect(total(counts)).toEqual({ passed: 5, failed: 1 });
});

function file(name: string, status: string, statuses: readonly string[]) {
  return { name, status, assertionResults: statuses.map((each) => ({ status: each })) };
}
