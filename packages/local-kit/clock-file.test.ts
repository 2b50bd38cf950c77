import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { moveClockFile, readClockFile } from "./clock-file";

const dayMs = 86_400_000;

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "clock-file-"));
  file = path.join(folder, "clock.json");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("no file is real time", () => {
  const before = Date.now();
  const now = readClockFile(file).getTime();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("a move is seen by the next reading, and only forward", () => {
  const before = Date.now();
  moveClockFile(file, new Date(before + 30 * dayMs));
  expect(readClockFile(file).getTime()).toBeGreaterThanOrEqual(before + 30 * dayMs);
  for (const days of [29, 0, -365]) moveClockFile(file, new Date(before + days * dayMs));
  expect(readClockFile(file).getTime()).toBeGreaterThanOrEqual(before + 30 * dayMs);
  expect(readClockFile(file).getTime()).toBeLessThan(before + 31 * dayMs);
  expect(readdirSync(folder)).toEqual(["clock.json"]);
});

test("two clocks do not take each other's time", () => {
  const other = path.join(folder, "other.json");
  const before = Date.now();
  moveClockFile(file, new Date(before + dayMs));
  for (let reading = 0; reading < 100; reading += 1) {
    expect(readClockFile(file).getTime()).toBeGreaterThanOrEqual(before + dayMs);
    expect(readClockFile(other).getTime()).toBeLessThan(before + dayMs);
  }
});

test("another process has the moved time from the next millisecond on", async () => {
  const module = fileURLToPath(new URL("clock-file.ts", import.meta.url));
  const script = `import { readClockFile } from ${JSON.stringify(module)};
    process.stdin.on("data", () => console.log(readClockFile(process.argv[1]).getTime()));`;
  const reader = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script, file],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const readThere = async () => {
    reader.stdin.write("?");
    return Number(await once(reader.stdout, "data"));
  };
  try {
    for (let days = 0; days <= 5; days += 1) {
      const target = Date.now() + days * dayMs;
      moveClockFile(file, new Date(target));
      pastMillisecond();
      const seen = await readThere();
      expect(seen).toBeGreaterThanOrEqual(target);
      expect(seen).toBeLessThan(target + dayMs);
    }
  } finally {
    reader.kill();
    await once(reader, "exit");
  }
});

/** The other process may have read the file in the very millisecond of the move. */
function pastMillisecond(): void {
  const moved = Date.now();
  while (Date.now() === moved);
}

test("a file that holds no offset is refused by its name", () => {
  for (const text of ["{}", "null", '{"offsetMs":"1"}']) {
    writeFileSync(file, text);
    expect(() => moveClockFile(file, new Date(Date.now() + dayMs))).toThrow(
      `The clock file ${file} must hold {"offsetMs": number}.`,
    );
  }
});
