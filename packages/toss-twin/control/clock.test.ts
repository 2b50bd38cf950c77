import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { defaultMerchant, startTossEmulator } from "@/packages/toss-twin/emulator";
import { createTossCaller } from "@/packages/toss-twin/testing/caller";

const dayMs = 86_400_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "toss-clock-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("the control API moves a clock that others share, and only forward", async () => {
  const file = path.join(folder, "clock.json");
  const emulator = await startTossEmulator({
    port: 0,
    clock: () => readClockFile(file),
    moveClock: (to) => moveClockFile(file, new Date(to)),
  });
  const before = Date.now();
  const view = await emulator.control.moveClock({ byMs: dayMs });
  expect(view).toMatchObject({ ownsClock: false, canMove: true, nextRenewalAt: null });
  expect(readClockFile(file).getTime()).toBeGreaterThanOrEqual(before + dayMs);
  await expect(emulator.control.moveClock({ to: "2020-01-01T00:00:00Z" })).rejects.toThrow(
    "INVALID_DATE",
  );
  await expect(emulator.control.moveClock({ byMonths: 1_200 * 12 })).rejects.toThrow(
    "INVALID_REQUEST",
  );
  moveClockFile(file, new Date(before));
  expect(readClockFile(file).getTime()).toBeGreaterThanOrEqual(before + dayMs);
  await emulator.close();
});

test("a clock that cannot be moved is left alone", async () => {
  const emulator = await startTossEmulator({
    port: 0,
    clock: () => new Date("2026-03-02T00:00:00Z"),
  });
  await expect(emulator.control.moveClock({ byMs: 1 })).rejects.toThrow("FORBIDDEN_REQUEST");
  await emulator.close();
});

test("the next renewal is a month after the newest charge, counted from the day of the first", async () => {
  let now = Date.parse("2026-01-31T10:00:00+09:00");
  const emulator = await startTossEmulator({
    port: 0,
    clock: () => new Date(now),
    moveClock: (to) => {
      now = to;
    },
  });
  const [key] = await emulator.control.issueBillingKeys({ count: 1 });
  const toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
  const seen: (string | null)[] = [];
  for (let month = 0; month < 3; month += 1) {
    if (key) await toss.charge(key);
    const { nextRenewalAt } = await emulator.control.clock();
    seen.push(nextRenewalAt?.slice(0, 10) ?? null);
    await emulator.control.moveClock({ toNextRenewal: true });
  }
  expect(seen).toEqual(["2026-02-28", "2026-03-31", "2026-04-30"]);
  await emulator.close();
});
