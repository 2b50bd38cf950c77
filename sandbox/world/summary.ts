import { z } from "zod";

/** How many tests one stage ran. */
export type Count = { readonly passed: number; readonly failed: number };

export const NOTHING: Count = { passed: 0, failed: 0 };

const VitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
});

/** Reads Vitest's JSON report. A file that could not even be loaded counts as one failed test. */
export function countVitest(report: unknown): { unit: Count; database: Count } {
  const { testResults } = VitestReport.parse(report);
  const isDatabase = (file: { name: string }) => file.name.endsWith(".db.test.ts");
  return {
    unit: total(testResults.filter((file) => !isDatabase(file)).map(countFile)),
    database: total(testResults.filter(isDatabase).map(countFile)),
  };
}

/** Reads Playwright's JSON report. A flaky test is a failed one, and so is an error outside any test. */
export function countPlaywright(report: unknown): Count {
  const { stats, errors } = PlaywrightReport.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

export function total(counts: readonly Count[]): Count {
  return counts.reduce(
    (sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }),
    NOTHING,
  );
}

function countFile(file: z.infer<typeof VitestReport>["testResults"][number]): Count {
  const statuses = file.assertionResults.map((test) => test.status);
  const failed = statuses.filter((status) => status === "failed").length;
  const passed = statuses.filter((status) => status === "passed").length;
  return { passed, failed: file.status === "failed" ? Math.max(failed, 1) : failed };
}
