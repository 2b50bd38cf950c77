import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultMerchant, startTossEmulator, type TossEmulator } from "./emulator";
import { createTossCaller, newOrderId } from "./testing";

let folder: string;
let stateFile: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "toss-emulator-"));
  stateFile = path.join(folder, "state.jsonl");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a restart keeps keys, payments, cancels, used authKeys, stored answers and the clock", async () => {
  const before = await startTossEmulator({ port: 0, stateFile });
  const toss = callerOf(before);
  await toss.control.moveClock({ byMs: 86_400_000 });
  const card = await toss.register("declined-once");
  const declined = await toss.charge(card, { key: "first" });
  const orderId = newOrderId();
  const charged = await toss.charge(card, { key: "second", body: { orderId } });
  await toss.call("POST", `/v1/payments/${String(charged.json.paymentKey)}/cancel`, {
    body: { cancelReason: "일부", cancelAmount: 900 },
  });
  const { authKey } = await toss.control.authorizeBilling({ customerKey: "customer" });
  const issue = { body: { authKey, customerKey: "customer" } };
  await toss.call("POST", "/v1/billing/authorizations/issue", issue);
  const { now } = await toss.control.clock();
  await before.close();

  const after = await startTossEmulator({ port: 0, stateFile });
  const again = callerOf(after);
  expect((await again.charge(card, { key: "first" })).text).toBe(declined.text);
  expect((await again.charge(card, { key: "second" })).text).toBe(charged.text);
  expect((await again.call("GET", `/v1/payments/orders/${orderId}`)).json).toMatchObject({
    status: "PARTIAL_CANCELED",
    balanceAmount: 9_000,
  });
  expect((await again.charge(card, { body: { orderId } })).json.code).toBe("DUPLICATED_ORDER_ID");
  expect((await again.call("POST", "/v1/billing/authorizations/issue", issue)).status).toBe(404);
  expect((await again.control.clock()).now >= now).toBe(true);
  await after.close();
});

test("a killed process loses no answered call", { timeout: 30_000 }, async () => {
  const child = await startProcess();
  const toss = createTossCaller(child.url, defaultMerchant.secretKey);
  const card = await toss.register();
  const answered: { orderId: string; text: string }[] = [];
  async function chargeUntilKilled(lane: number): Promise<void> {
    for (let count = 0; ; count += 1) {
      const orderId = `lane-${lane}-${count}`;
      const answer = await toss.charge(card, { key: orderId, body: { orderId } });
      answered.push({ orderId, text: answer.text });
      if (answered.length === 60) child.process.kill("SIGKILL");
    }
  }
  await Promise.allSettled([0, 1, 2, 3].map(chargeUntilKilled));
  expect(answered.length).toBeGreaterThanOrEqual(60);

  const revived = await startTossEmulator({ port: 0, stateFile });
  for (const { orderId, text } of answered) {
    const replay = await callerOf(revived).charge(card, { key: orderId, body: { orderId } });
    expect(replay.text).toBe(
      text.replaceAll(child.url, replay.text.match(/http:\/\/localhost:\d+/)?.[0] ?? ""),
    );
    expect(replay.headers.get("x-tosspayments-trace-id")).toContain(",");
  }
  await revived.close();
});

test("a half-written last line is dropped, and the rest stands", async () => {
  const before = await startTossEmulator({ port: 0, stateFile });
  const card = await callerOf(before).register();
  await before.close();
  appendFileSync(stateFile, '[["payment",{"paymentKey":"half');

  const after = await startTossEmulator({ port: 0, stateFile });
  expect((await callerOf(after).charge(card)).status).toBe(200);
  await after.close();
});

test("a second start on a taken port leaves the state of the first alone", async () => {
  const first = await startTossEmulator({ port: 0, stateFile });
  const port = Number(new URL(first.url).port);
  await expect(startTossEmulator({ port, stateFile })).rejects.toThrow(/EADDRINUSE/);
  const card = await callerOf(first).register();
  await first.close();

  const after = await startTossEmulator({ port: 0, stateFile });
  expect((await callerOf(after).charge(card)).status).toBe(200);
  await after.close();
});

test("a file that is no journal is refused and left alone", async () => {
  writeFileSync(stateFile, "somebody's notes\n");
  await expect(startTossEmulator({ port: 0, stateFile })).rejects.toThrow(/not a journal/);
});

function callerOf(emulator: TossEmulator) {
  return createTossCaller(emulator.url, defaultMerchant.secretKey);
}

async function startProcess(): Promise<{ process: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--import", "tsx", main, "--port", "0", "--state", stateFile],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return { process: child, url };
  }
  throw new Error(`The emulator ended before it listened: ${printed}`);
}
