import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const resolve = { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } };
// A machine that builds beside the tests is slow; what hangs still ends.
const patient = { expect: { poll: { timeout: 20_000 } } };
const exclude = [...configDefaults.exclude, ".next/**", ".sandbox/**", "e2e/**"];

export default defineConfig({
  resolve,
  test: {
    maxWorkers: "100%",
    // No test builds on another of its file. A run names its seed first; `--sequence.seed` repeats its order.
    sequence: { shuffle: { tests: true } },
    // What the app logs is read where a test has failed.
    silent: "passed-only",
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          // These share nothing but modules, and loading those anew for each file takes longer than most of the tests.
          isolate: false,
          ...patient,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts"],
        },
      },
      {
        resolve,
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude,
          globalSetup: ["lib/testing/database-server.ts"],
          setupFiles: ["lib/testing/database.ts"],
          ...patient,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
