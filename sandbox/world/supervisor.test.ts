import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSupervisor } from "./supervisor";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maedal-supervisor-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a child that ends unasked breaks the world with its name, exit code and last words", async () => {
  const supervisor = createSupervisor();
  await supervisor.start(script("The emulator", 'console.log("no room left"); process.exit(7)'));
  await expect(supervisor.broken).rejects.toThrow(
    /The emulator ended with exit code 7;.*\n.*no room left/s,
  );
});

test("stopping ends every child and is no accident", async () => {
  const supervisor = createSupervisor();
  const children = await Promise.all([
    supervisor.start(script("one", "setInterval(() => {}, 1000)")),
    supervisor.start(script("two", "setInterval(() => {}, 1000)")),
  ]);
  await supervisor.stop();
  expect(children.map((child) => child.isRunning())).toEqual([false, false]);
  await expect(Promise.race([supervisor.broken, Promise.resolve("calm")])).resolves.toBe("calm");
});

test("a child that is only tried out may end by itself", async () => {
  const supervisor = createSupervisor();
  const child = await supervisor.tryOut(script("a build", "process.exit(1)"));
  await expect(child.exited).resolves.toEqual({ code: 1, signal: null });
  await expect(Promise.race([supervisor.broken, Promise.resolve("calm")])).resolves.toBe("calm");
});

test("nothing starts once everything stops", async () => {
  const supervisor = createSupervisor();
  await supervisor.stop();
  await expect(supervisor.start(script("late", ""))).rejects.toThrow("everything is stopping");
});

test("a program that is not there is named", async () => {
  const supervisor = createSupervisor();
  const options = { ...script("Inngest", ""), command: join(folder, "no-such-program") };
  await expect(supervisor.start(options)).rejects.toThrow("Inngest could not be started");
});

function script(name: string, code: string) {
  return {
    name,
    command: process.execPath,
    args: ["-e", code],
    env: process.env,
    cwd: folder,
    logFile: join(folder, `${name}.log`),
  };
}
