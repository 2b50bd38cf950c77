import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprintOf, isBuilt } from "./build";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "maedal-build-"));
  execFileSync("git", ["init", "-q"], { cwd: root });
  write(".gitignore", ".next/\n");
  write("app/page.tsx", "one");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the same sources have the same fingerprint", () => {
  expect(fingerprintOf(root)).toBe(fingerprintOf(root));
});

test("a changed file, a new one and a removed one each change it", () => {
  const before = fingerprintOf(root);
  write("app/page.tsx", "two");
  const changed = fingerprintOf(root);
  write("packages/local-kit/clock-file.ts", "");
  const shared = fingerprintOf(root);
  write("lib/new.ts", "");
  const added = fingerprintOf(root);
  rmSync(join(root, "app/page.tsx"));
  expect(new Set([before, changed, shared, added, fingerprintOf(root)]).size).toBe(5);
});

test("tests, papers and what git ignores leave it alone", () => {
  const before = fingerprintOf(root);
  for (const path of [
    "e2e/a.spec.ts",
    "packages/toss-twin/main.ts",
    "packages/inngest-local/main.ts",
    "lib/a.test.ts",
    "README.md",
    "docs/a.md",
    ".next/a",
    "next-env.d.ts",
  ]) {
    write(path, "");
  }
  expect(fingerprintOf(root)).toBe(before);
});

test("without git the files are found all the same", () => {
  const before = fingerprintOf(root);
  rmSync(join(root, ".git"), { recursive: true });
  const walked = fingerprintOf(root);
  expect(walked).toBe(before);
});

test("a build counts only for the sources it was made of", () => {
  expect(isBuilt(root, fingerprintOf(root))).toBe(false);
  write(".next/maedal-fingerprint", fingerprintOf(root));
  expect(isBuilt(root, fingerprintOf(root))).toBe(true);
  write("app/page.tsx", "two");
  expect(isBuilt(root, fingerprintOf(root))).toBe(false);
});

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}
