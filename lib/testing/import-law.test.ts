/**
 * The guard of the guard: each forbidden import and each impurity is planted where it must not stand, and Biome has to
 * complain under the project's own rules. The faults are planted in a copy of the folders, never in the project.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What stands above lib. */
const CALLERS = ["@/app/layout", "@/components/ui/button", "@/inngest/client", "@/deps"];
const LOCAL_WORLD = [
  "@/sandbox/entry",
  "@/sandbox/time/move",
  "@/packages/local-kit/clock-file",
  "@/packages/toss-twin/emulator",
];

/** What no file in a folder may import, beside tests. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  lib: ["zod", "@/lib/billing/money", "@/db/client"],
  "lib/auth": [...CALLERS, ...LOCAL_WORLD, "@/lib/testing/story", "../../app/layout"],
  "lib/browser": [...CALLERS, ...LOCAL_WORLD, "@/lib/testing/story", "../../app/layout"],
  "lib/http": [...CALLERS, ...LOCAL_WORLD, "@/lib/testing/story", "../../app/layout"],
  "lib/runtime": [...CALLERS, ...LOCAL_WORLD, "@/lib/testing/story", "../../app/layout"],
  "lib/testing": ["@/app/layout", "../../app/layout"],
  "lib/billing": [
    "zod",
    "node:crypto",
    "@/lib/runtime/ids",
    "@/db/schema/charge",
    "../ids",
    "react",
  ],
  db: [
    ...CALLERS,
    ...LOCAL_WORLD,
    "@/lib/operations/account/sign-in",
    "@/lib/toss/client",
    "@/lib/gateway/gateway",
    "@/lib/testing/billing",
    "next/headers",
    "react",
    "../lib/toss/client",
  ],
  "lib/gateway": [
    ...CALLERS,
    ...LOCAL_WORLD,
    "@/lib/operations/account/sign-in",
    "@/lib/toss/client",
    "@/lib/runtime/ids",
    "@/db/client",
    "@/lib/testing/billing",
    "next/headers",
    "react",
    "zod",
    "../toss/client",
  ],
  "lib/toss": [
    ...CALLERS,
    ...LOCAL_WORLD,
    "@/lib/operations/account/sign-in",
    "@/db/client",
    "@/lib/testing/billing",
    "next/headers",
    "react",
    "../operations/account/sign-in",
  ],
  "lib/operations": [
    ...CALLERS,
    ...LOCAL_WORLD,
    "@/lib/testing/story",
    "@/lib/toss/client",
    "../../toss/client",
    "next/headers",
    "react",
    "../../inngest/client",
  ],
  inngest: [
    ...LOCAL_WORLD,
    "@/app/layout",
    "@/components/ui/button",
    "@/db/client",
    "@/lib/toss/client",
    "@/lib/gateway/gateway",
    "@/lib/testing/story",
    "drizzle-orm",
    "postgres",
    "../db/client",
  ],
  build: ["@/app/layout", "@/db/client", "@/lib/runtime/env", "../db/migrate"],
  commands: [
    "@/app/layout",
    "@/components/ui/button",
    "@/inngest/client",
    "@/packages/local-kit/clock-file",
    "@/sandbox/cli",
    "@/db/schema/charge",
    "@/lib/toss/client",
    "@/lib/gateway/gateway",
    "@/lib/testing/story",
    "next/headers",
    "react",
    "drizzle-orm",
    "drizzle-orm/postgres-js",
    "postgres",
    "../db/client",
  ],
  components: [
    ...LOCAL_WORLD,
    "@/app/layout",
    "@/db/catalogue",
    "@/inngest/client",
    "@/deps",
    "@/lib/operations/account/sign-in",
    "@/lib/gateway/gateway",
    "@/lib/toss/client",
    "@/lib/testing/story",
    "../db/client",
  ],
  app: [
    ...LOCAL_WORLD.slice(1),
    "@/db/client",
    "@/db/schema/charge",
    "@/lib/toss/client",
    "@/lib/gateway/gateway",
    "@/lib/testing/story",
    "drizzle-orm",
    "drizzle-orm/postgres-js",
    "postgres",
    "../db/client",
  ],
  "packages/local-kit": [
    "@/app/layout",
    "@/lib/billing/money",
    "@/sandbox/cli",
    "@/packages/toss-twin/http/answer",
    "@/packages/inngest-local/run",
    "../../lib/env",
    "./../toss-twin/main",
  ],
  "packages/toss-twin": [
    "@/app/layout",
    "@/components/ui/button",
    "@/db/client",
    "@/lib/toss/client",
    "@/inngest/client",
    "@/sandbox/cli",
    "@/packages/inngest-local/queue",
    "../../lib/env",
    "./../inngest-local/queue",
  ],
  "packages/inngest-local": [
    "@/app/layout",
    "@/db/client",
    "@/lib/operations/account/sign-in",
    "@/inngest/client",
    "@/sandbox/cli",
    "@/packages/toss-twin/http/answer",
    "../../lib/env",
    "./../toss-twin/main",
  ],
};

/** What the folders live on. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "lib/auth": [
    "@/db/session",
    "@/lib/operations/account/sign-in",
    "@/lib/runtime/env",
    "next-auth",
  ],
  "lib/browser": ["@tosspayments/payment-sdk"],
  "lib/http": ["@/db/rate-limit", "@/lib/runtime/env", "next/headers"],
  "lib/runtime": ["@/db/check-database", "@/lib/gateway/gateway", "zod"],
  "lib/testing": ["@/db/client", "@/packages/toss-twin/emulator", "@/sandbox/world/ports"],
  "lib/billing": ["./money"],
  db: ["@/db/schema/charge", "@/lib/billing/money", "drizzle-orm"],
  "lib/gateway": ["@/lib/billing/charge/charge", "./gateway"],
  "lib/toss": ["@/lib/billing/charge/charge", "@/lib/gateway/gateway", "./schemas", "zod"],
  "lib/operations": ["@/db/client", "@/lib/gateway/gateway", "@/lib/billing/money", "./request"],
  inngest: ["@/lib/operations/account/sign-in", "@/deps", "inngest"],
  build: ["./font", "esbuild"],
  commands: ["@/db/user", "@/lib/operations/account/sign-in", "@/deps", "./words"],
  components: ["@/lib/billing/format", "@/components/ui/button", "react"],
  app: [
    "@/lib/operations/account/sign-in",
    "@/db/catalogue",
    "@/components/ui/button",
    "@/sandbox/entry",
    "next/headers",
  ],
  "packages/local-kit": ["./html", "@/packages/local-kit/html", "node:fs"],
  "packages/toss-twin": [
    "./world",
    "@/packages/toss-twin/world",
    "@/packages/local-kit/html",
    "zod",
  ],
  "packages/inngest-local": [
    "./queue",
    "@/packages/inngest-local/engine/queue",
    "@/packages/local-kit/html",
    "inngest",
  ],
};

const IMPURE = [
  "Date.now()",
  "new Date()",
  "Math.random()",
  'fetch("https://example.com")',
  "crypto.randomUUID()",
  "process.env.TZ",
] as const;

/** Ways to write an import; a rule that knew only one of them would be walked around. */
const WAYS: readonly ((from: string) => string)[] = [
  (from) => `import { planted } from "${from}";`,
  (from) => `import type { Planted } from "${from}";`,
  (from) => `import "${from}";`,
  (from) => `export { planted } from "${from}";`,
  (from) => `export const planted = import("${from}");`,
];

const Report = z.object({
  diagnostics: z.array(
    z.object({
      category: z.string(),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
});

let folder: string;
/** `path:line` of each complaint about a layer or an impurity. */
let complaints: ReadonlySet<string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "maedal-import-law-"));
  for (const name of ["biome.json", "pure.grit"])
    copyFileSync(join(ROOT, name), join(folder, name));
  for (const [place, imports] of Object.entries(FORBIDDEN)) {
    for (const [at, way] of WAYS.entries()) plant(`${place}/planted-${at}.ts`, imports.map(way));
    plant(`${place}/planted.test.ts`, ['import { story } from "@/lib/testing/story";']);
  }
  for (const [place, imports] of Object.entries(ALLOWED)) {
    plant(
      `${place}/allowed.ts`,
      imports.map((from) => `import { allowed } from "${from}";`),
    );
  }
  plant(
    "lib/billing/impure.ts",
    IMPURE.map((code) => `export const impure = ${code};`),
  );
  plant("lib/billing/dated.ts", [
    "export const epoch = new Date(0);",
    "export const day = Date.UTC(2027, 0, 31);",
    "export const half = Math.round(0.5);",
  ]);
  complaints = lint();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${lines.join("\n")}\n`);
}

function lint(): ReadonlySet<string> {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const options = ["--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none"];
  const run = spawnSync(process.execPath, [biome, "lint", ...options, "."], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  const said = run.stdout.split("\n").find((line) => line.startsWith("{"));
  if (!said) throw new Error(`Biome did not report: ${run.stderr}`);
  const { diagnostics } = Report.parse(JSON.parse(said));
  const laws = ["lint/style/noRestrictedImports", "lint/style/noRestrictedGlobals", "plugin"];
  return new Set(
    diagnostics
      .filter(({ category }) => laws.includes(category))
      .map(({ location }) => `${location.path}:${location.start.line}`),
  );
}

function complaintsAbout(path: string): readonly string[] {
  return [...complaints].filter((complaint) => complaint.startsWith(`${path}:`));
}

describe("a forbidden import is found in", () => {
  test.each(Object.entries(FORBIDDEN))("%s", (place, imports) => {
    const missed = imports.flatMap((from, line) =>
      WAYS.flatMap((way, at) =>
        complaints.has(`${place}/planted-${at}.ts:${line + 1}`) ? [] : [way(from)],
      ),
    );
    expect(missed).toEqual([]);
  });
});

describe("what a folder lives on is let pass in", () => {
  test.each(Object.keys(ALLOWED))("%s", (place) => {
    expect(complaintsAbout(`${place}/allowed.ts`)).toEqual([]);
  });
});

test("a clock, a die, the network and the environment are found in the pure rules", () => {
  const missed = IMPURE.filter((_, line) => !complaints.has(`lib/billing/impure.ts:${line + 1}`));
  expect(missed).toEqual([]);
});

test("days that are given are let pass in the pure rules", () => {
  expect(complaintsAbout("lib/billing/dated.ts")).toEqual([]);
});

/** Their tests are part of them: what they used of the app would be missing where a package stands alone. */
const STANDS_ALONE = /^(packages|sandbox)\//;

test("tests may use what is made for tests", () => {
  const places = Object.keys(FORBIDDEN).filter((place) => !STANDS_ALONE.test(place));
  expect(places.flatMap((place) => complaintsAbout(`${place}/planted.test.ts`))).toEqual([]);
});

test.each(Object.keys(FORBIDDEN).filter((place) => STANDS_ALONE.test(place)))(
  "the tests in %s may not",
  (place) => {
    expect(complaintsAbout(`${place}/planted.test.ts`)).toHaveLength(1);
  },
);

test.each(["lib", "packages"])("each folder of %s is under a law of its own", (parent) => {
  const rooms = readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`);
  expect(rooms.length).toBeGreaterThan(1);
  expect(rooms.filter((room) => !(room in FORBIDDEN))).toEqual([]);
});

test("every folder under the law still has that name", () => {
  expect(Object.keys(FORBIDDEN).filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
});
