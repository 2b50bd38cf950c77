import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller, type TossCaller } from "@/packages/toss-twin/testing/caller";

let emulator: TossEmulator;
let toss: TossCaller;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0 });
  toss = createTossCaller(emulator.url, defaultMerchant.secretKey);
});

beforeEach(() => toss.control.reset());

afterAll(() => emulator.close());

describe("the window", () => {
  const urls = { successUrl: "https://shop.test/ok?kept=1%20a", failUrl: "https://shop.test/no" };
  const billing = {
    ...{ kind: "billing", method: "카드", clientKey: defaultMerchant.clientKey, ...urls },
    customerKey: "customer=1@x",
  };

  test("redirects with encoded parameters behind the query that was there, once", async () => {
    const { id } = await openWindow({ ...billing, target: "iframe" });
    const end = await post(`/window/${id}/finish`, { scenario: "normal" });
    expect(end.json.url).toMatch(
      /^https:\/\/shop\.test\/ok\?kept=1%20a&customerKey=customer%3D1%40x&authKey=bln_\w+$/,
    );
    expect((await post(`/window/${id}/finish`, { scenario: "normal" })).status).toBe(404);
  });

  test("given up is USER_CANCEL in a frame and PAY_PROCESS_CANCELED on a page of its own", async () => {
    const framed = await openWindow({ ...billing, target: "iframe" });
    expect((await post(`/window/${framed.id}/close`, {})).json.code).toBe("USER_CANCEL");
    const own = await openWindow({ ...billing, target: "self" });
    expect((await post(`/window/${own.id}/close`, {})).json.url).toContain("PAY_PROCESS_CANCELED");
  });

  test("names the order when a payment fails, and escapes what it shows", async () => {
    const { id } = await openWindow({
      ...{ kind: "payment", method: "CARD", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 9_900, orderId: "order-0001", orderName: "<script>1</script>" },
    });
    const page = await (await fetch(`${emulator.url}/window/${id}`)).text();
    expect(page).toContain("9,900원 결제하기");
    expect(page).not.toContain("<script>1");
    const end = await post(`/window/${id}/finish`, { scenario: "refused-at-registration" });
    expect(end.json.url).toMatch(/code=REJECT_CARD_COMPANY&message=.+&orderId=order-0001$/);
  });

  test("opens a virtual account for whom, how long and with the escrow the shop asked", async () => {
    const order = {
      ...{ kind: "payment", method: "가상계좌", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 9_900, orderName: "책", useEscrow: true },
    };
    const account = { customerName: "김토스", validHours: 24, dueDate: null };
    const { id } = await openWindow({ ...order, orderId: "order-0002", account });
    const { now } = await toss.control.clock();
    const end = await post(`/window/${id}/finish`, { scenario: "normal", bank: "20" });
    const query = new URL(String(end.json.url)).searchParams;
    const { json } = await toss.call("POST", "/v1/payments/confirm", {
      body: { paymentKey: query.get("paymentKey"), orderId: "order-0002", amount: 9_900 },
    });
    expect(json).toMatchObject({
      status: "WAITING_FOR_DEPOSIT",
      useEscrow: true,
      virtualAccount: { customerName: "김토스", bankCode: "20" },
    });
    const { dueDate } = z.object({ dueDate: z.string() }).parse(json.virtualAccount);
    const hours = (Date.parse(dueDate) - Date.parse(now)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);

    const tooLong = { ...account, validHours: 9_000 };
    const refused = await post("/sdk/windows", {
      ...order,
      ...{ orderId: "order-0003", account: tooLong },
    });
    expect(refused.json.code).toBe("EXCEED_MAX_VALID_HOURS");
  });

  test("stays open when what was chosen cannot pay, for another choice", async () => {
    const { id } = await openWindow({
      ...{ kind: "payment", method: "", clientKey: defaultMerchant.clientKey, ...urls },
      ...{ target: "self", amount: 150, orderId: "order-0004", orderName: "책" },
    });
    const refused = await post(`/window/${id}/finish`, { scenario: "normal", method: "transfer" });
    expect(refused.json.code).toBe("BELOW_MINIMUM_AMOUNT");
    const paid = await post(`/window/${id}/finish`, { scenario: "normal", method: "card" });
    expect(paid.json.url).toContain("paymentKey=");
  });

  test.each([
    ["an unknown client key", { clientKey: "test_ck_unknown" }, "UNAUTHORIZED_KEY"],
    ["a script for an address", { successUrl: "javascript:alert(1)" }, "INVALID_REQUEST"],
    ["a method without contract", { method: "휴대폰" }, "NOT_SUPPORTED_METHOD"],
  ])("refuses %s", async (_, change, code) => {
    const answer = await post("/sdk/windows", { ...billing, target: "self", ...change });
    expect([answer.status >= 400, answer.json.code]).toEqual([true, code]);
  });

  async function openWindow(body: Record<string, unknown>): Promise<{ id: string }> {
    const { status, json } = await post("/sdk/windows", body);
    expect(status).toBe(200);
    return { id: String(json.id) };
  }
});

function post(path: string, body: Record<string, unknown>) {
  return toss.call("POST", path, { body });
}
