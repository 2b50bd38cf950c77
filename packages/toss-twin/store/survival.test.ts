import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, newOrderId } from "@/packages/toss-twin/testing/caller";
import { Store } from "./store";

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

test("webhook addresses, what waits to be sent, receipts and waiting deposits survive", async () => {
  const before = await startTossEmulator({ port: 0, stateFile });
  const toss = callerOf(before);
  await toss.control.registerWebhook({ url: "http://127.0.0.1:1/nobody" });
  const orderId = newOrderId();
  const order = { orderId, amount: 9_900, orderName: "연간 구독" };
  await toss.call("POST", "/v1/virtual-accounts", {
    body: { ...order, customerName: "김토스", bank: "20" },
  });
  await toss.control.catchUp();
  await before.close();

  const after = await startTossEmulator({ port: 0, stateFile });
  const again = callerOf(after);
  const [waiting] = await again.control.deliveries();
  expect(waiting).toMatchObject({ event: "DEPOSIT_CALLBACK", state: "pending" });
  await again.control.moveClock({ byMs: 60_000 });
  await again.control.catchUp();
  expect((await again.control.deliveries())[0]?.attempts).toHaveLength(2);
  await again.control.deposit({ orderId });
  expect((await again.call("GET", `/v1/payments/orders/${orderId}`)).json.status).toBe("DONE");
  await after.close();
});

test("a state that was exported is the same elsewhere, answers under their keys included", async () => {
  const one = await startTossEmulator({ port: 0 });
  const card = await callerOf(one).register();
  const charged = await callerOf(one).charge(card, { key: "kept" });
  const state = await one.control.exportState();
  await one.close();

  const other = await startTossEmulator({ port: 0, stateFile });
  await callerOf(other).register();
  await other.control.importState(state);
  expect((await callerOf(other).charge(card, { key: "kept" })).text).toBe(charged.text);
  expect((await other.control.state()).billingKeys).toHaveLength(1);
  await other.close();

  const revived = await startTossEmulator({ port: 0, stateFile });
  expect((await callerOf(revived).charge(card, { key: "kept" })).text).toBe(charged.text);
  await revived.close();
});

test("a state that makes no sense is refused, and the books stay what they were", async () => {
  const one = await startTossEmulator({ port: 0, stateFile });
  const toss = callerOf(one);
  const card = await toss.register();
  await toss.charge(card, { key: "kept" });
  await toss.control.registerWebhook({ url: "http://localhost:9/hook" });
  await toss.control.sendWebhook({ event: "METHOD_UPDATED", data: {} });
  await toss.control.catchUp();
  const state = await toss.control.exportState();
  const altered = (kind: string, change: Readonly<Record<string, unknown>>) => {
    const copy: { changes: [string, unknown][] } = JSON.parse(JSON.stringify(state));
    const found = copy.changes.find(([name]) => name === kind);
    if (!found || typeof found[1] !== "object") throw new Error(`No ${kind} in the state`);
    found[1] = { ...found[1], ...change };
    return copy;
  };
  const hostile = [
    { ...Object(state), changes: [["clock", 1e300]] },
    { ...Object(state), changes: [["clock", 9e15]] },
    ...[1e300, -1, 8.64e15].map((approvedAt) => altered("payment", { approvedAt })),
    ...[-5, 9_901].map((balanceAmount) => altered("payment", { balanceAmount })),
    altered("payment", { approvedAt: null }),
    altered("payment", { orderName: "\ud800" }),
    altered("billing", { customerKey: "\ud800x" }),
    altered("registration", { url: "javascript:alert(1)" }),
    altered("delivery", { createdAt: 1e300 }),
    altered("answer", { traceId: "a\r\nset-cookie: x=1" }),
    altered("answer", { status: 204 }),
  ];
  for (const file of hostile) await expect(toss.control.importState(file)).rejects.toThrow();
  expect(await toss.control.exportState()).toEqual(state);
  expect((await fetch(`${one.url}/`)).status).toBe(200);
  await toss.control.importState(state);
  await one.close();
});

test("whatever it took in, its own export can be taken in again", async () => {
  const one = await startTossEmulator({ port: 0 });
  const toss = callerOf(one);
  await toss.control.registerWebhook({ url: "http://localhost:9/hook" });
  await toss.call("POST", `/v1/payments/${"k".repeat(5_000)}/cancel`, {
    key: "long",
    body: { cancelReason: "변심" },
  });
  const data = { text: "x".repeat(290_000) };
  await toss.control.sendWebhook({ event: "METHOD_UPDATED", data });
  const tooLong = { text: "x".repeat(400_000) };
  await expect(
    toss.control.sendWebhook({ event: "METHOD_UPDATED", data: tooLong }),
  ).rejects.toThrow();
  const card = await toss.register("wrong-amount");
  const largest = { amount: Number.MAX_SAFE_INTEGER };
  expect((await toss.charge(card, { body: largest })).json.code).toBe("INVALID_REQUEST");
  await toss.control.importState(await toss.control.exportState());
  await one.close();
});

test("a stored answer stays what it was, whatever became of its payment", async () => {
  const before = await startTossEmulator({ port: 0, stateFile });
  const card = await callerOf(before).register();
  const charged = await callerOf(before).charge(card, { key: "first" });
  await callerOf(before).call("POST", `/v1/payments/${String(charged.json.paymentKey)}/cancel`, {
    body: { cancelReason: "변심" },
  });
  await before.close();
  for (let start = 0; start < 2; start += 1) {
    const after = await startTossEmulator({ port: 0, stateFile });
    expect((await callerOf(after).charge(card, { key: "first" })).text).toBe(charged.text);
    await after.close();
  }
});

test("a journal that is mostly of the past is rewritten while running", () => {
  const store = new Store(stateFile, 100_000);
  const registration = { mId: "m", url: "http://localhost/", events: [] };
  let largest = 0;
  for (let count = 0; count < 20_000; count += 1) {
    store.saveRegistration({ ...registration, id: `hook_${count % 3}` });
    store.commit();
    if (count % 100 === 0) largest = Math.max(largest, statSync(stateFile).size);
  }
  expect(largest).toBeLessThan(120_000);
  store.close();
  expect(new Store(stateFile).registrations.size).toBe(3);
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

test("of two emulators on one state file the first stops answering rather than lose the second's books", async () => {
  const first = await startTossEmulator({ port: 0, stateFile });
  const second = await startTossEmulator({ port: 0, stateFile });
  const card = await callerOf(second).register();
  const refused = await callerOf(first).call("POST", "/v1/virtual-accounts", {
    body: { amount: 1_000, orderId: newOrderId(), orderName: "책", customerName: "김", bank: "88" },
  });
  expect(refused.status).toBe(500);
  expect((await callerOf(second).charge(card)).status).toBe(200);
  await expect(first.close()).rejects.toThrow(/other emulator/);
  await second.close();

  const after = await startTossEmulator({ port: 0, stateFile });
  expect((await after.control.state()).payments).toHaveLength(1);
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
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
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
