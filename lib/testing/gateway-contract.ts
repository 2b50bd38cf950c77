/** What every gateway promises, as tests: the outcomes it may give, and what its capabilities mean. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seoulDayOf } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import type { BillingCharge, Gateway } from "@/lib/gateway/gateway";
import { won } from "./billing";

/** A provider to try, with what only its own side can do. */
export type ProviderUnderTest = {
  readonly gateway: Gateway;
  /** A person finishes the card window; answers what it leads back with. */
  authorizeCard(customerKey: string): Promise<string>;
  authorizePayment(order: { orderId: string; amountWon: Won }): Promise<string>;
  /** The next request is executed, and its answer lost. */
  loseNext(operation: "charge" | "cancel"): Promise<void>;
  /** The next charge finds too little on the card. */
  declineNext(): Promise<void>;
};

type Build = () => Promise<ProviderUnderTest & { close?: () => Promise<void> }>;

const newKey = () => `key_${randomUUID()}`;
const AMOUNT = won(9_900);

export function describeGateway(name: string, build: Build): void {
  describe(`a gateway to ${name}`, () => {
    let side: Awaited<ReturnType<Build>>;
    let gateway: Gateway;
    beforeAll(async () => {
      side = await build();
      gateway = side.gateway;
    });
    afterAll(() => side.close?.());

    async function newOrder(amountWon = AMOUNT): Promise<BillingCharge> {
      const customerKey = randomUUID();
      const authKey = await side.authorizeCard(customerKey);
      const issued = await gateway.issueBillingKey({ authKey, customerKey }, newKey());
      if (issued.kind !== "issued") throw new Error(`Not issued: ${issued.kind}`);
      const person = { customerEmail: "customer@example.com", customerName: "김구독" };
      const { billingKey } = issued;
      const orderId = newKey();
      return { billingKey, customerKey, orderId, orderName: "BASIC", amountWon, ...person };
    }

    async function paid() {
      const order = await newOrder();
      const outcome = await gateway.chargeBillingKey(order, newKey());
      if (outcome.kind !== "approved") throw new Error(`Not approved: ${outcome.kind}`);
      return { ...order, ...outcome };
    }

    async function held(paymentKey: string) {
      const answer = await gateway.findPayment(paymentKey);
      if (answer.kind !== "executed") throw new Error(`Not executed: ${answer.kind}`);
      return answer.payment;
    }

    async function linesOf(orderId: string, on: Date) {
      const lines = [];
      let startingAfter: string | null = null;
      do {
        const page = await gateway.listTransactions(seoulDayOf(on), { startingAfter, limit: 100 });
        if (page.kind !== "page") throw new Error(`No list: ${page.reason}`);
        lines.push(...page.transactions);
        startingAfter = page.next;
      } while (startingAfter !== null);
      return lines.filter((line) => line.orderId === orderId);
    }

    const cancel = (paymentKey: string, amountWon: number, balanceWon: number) =>
      gateway.cancelPayment(
        { paymentKey, amountWon: won(amountWon), balanceWon: won(balanceWon), reason: "환불" },
        newKey(),
      );

    test("a card is charged, and the payment found by its order and its key", async () => {
      const { capabilities } = gateway;
      const payment = await paid();
      const { orderId, paymentKey, suppliedWon, vatWon } = payment;
      expect([vatWon, suppliedWon]).toEqual(capabilities.vatSplit ? [900, 9_000] : [null, null]);
      const approval = { kind: "approved", paymentKey, amountWon: AMOUNT, suppliedWon, vatWon };
      expect(await gateway.findByOrderId(orderId, AMOUNT)).toMatchObject(approval);
      expect(
        await gateway.findByPaymentKey({ paymentKey, orderId, amountWon: AMOUNT }),
      ).toMatchObject(approval);
      expect(await linesOf(orderId, payment.approvedAt)).toMatchObject([
        { kind: "approval", paymentKey, amountWon: AMOUNT },
      ]);
    });

    test("an order is executed once, under the same key and under another", async () => {
      const order = await newOrder();
      const key = newKey();
      const first = await gateway.chargeBillingKey(order, key);
      if (first.kind !== "approved") throw new Error(`Not approved: ${first.kind}`);
      const again = await gateway.chargeBillingKey(order, key);
      if (gateway.capabilities.idempotentReplay) expect(again).toEqual(first);
      else expect(again).toMatchObject({ kind: "unknown" });
      expect(await gateway.chargeBillingKey(order, newKey())).toMatchObject({ kind: "unknown" });
      expect(await linesOf(order.orderId, first.approvedAt)).toHaveLength(1);
    });

    test("a decline says its code and our reason, and no money moves", async () => {
      const order = await newOrder();
      await side.declineNext();
      expect(await gateway.chargeBillingKey(order, newKey())).toEqual({
        kind: "declined",
        code: expect.any(String),
        reason: "insufficient-funds",
        declineClass: "soft",
      });
      expect(await gateway.findByOrderId(order.orderId, AMOUNT)).toEqual({ kind: "not-found" });
    });

    test("an answer that is lost is unknown, and the order tells what became of it", async () => {
      const order = await newOrder();
      await side.loseNext("charge");
      expect(await gateway.chargeBillingKey(order, newKey())).toMatchObject({ kind: "unknown" });
      expect(await gateway.findByOrderId(order.orderId, AMOUNT)).toMatchObject({
        kind: "approved",
        amountWon: AMOUNT,
      });
    });

    test("an order that was never sent is not found, and a payment nobody made not executed", async () => {
      expect(await gateway.findByOrderId(newKey(), AMOUNT)).toEqual({ kind: "not-found" });
      expect(await gateway.findPayment(newKey())).toEqual({ kind: "not-executed" });
    });

    test("money that was not asked for is left to a person", async () => {
      const { orderId } = await paid();
      expect(await gateway.findByOrderId(orderId, won(9_901))).toMatchObject({
        kind: "unknown",
        review: true,
        takenWon: AMOUNT,
      });
    });

    test("nothing less than the minimum is charged", async () => {
      const { minimumWon } = gateway.capabilities;
      const less = await newOrder(won(minimumWon - 1));
      expect(await gateway.chargeBillingKey(less, newKey())).toMatchObject({
        kind: "declined",
        reason: "request-fault",
        declineClass: "config",
      });
      const least = await newOrder(minimumWon);
      expect(await gateway.chargeBillingKey(least, newKey())).toMatchObject({ kind: "approved" });
    });

    test("a payment made in the window is confirmed for its own amount only", async () => {
      const order = { orderId: newKey(), amountWon: won(150_000) };
      const paymentKey = await side.authorizePayment(order);
      expect(
        await gateway.confirmPayment({ ...order, paymentKey, amountWon: won(100) }, newKey()),
      ).toMatchObject({ kind: "declined", declineClass: "config" });
      expect(await gateway.confirmPayment({ ...order, paymentKey }, newKey())).toMatchObject({
        kind: "approved",
        paymentKey,
        amountWon: 150_000,
      });
    });

    test("a payment gives back what is asked, and nothing when another balance is left", async () => {
      const { partialCancel, vatSplit } = gateway.capabilities;
      const { paymentKey, orderId, approvedAt } = await paid();
      if (partialCancel) {
        expect(await cancel(paymentKey, 3_300, 9_900)).toMatchObject({
          kind: "canceled",
          canceledWon: 3_300,
          balanceWon: 6_600,
          vatWon: vatSplit ? 600 : null,
        });
      }
      const left = partialCancel ? 6_600 : 9_900;
      const before = await held(paymentKey);
      expect(before).toMatchObject({ totalWon: 9_900, balanceWon: left });
      expect(await cancel(paymentKey, left, left + 1)).toMatchObject({ kind: "unknown" });
      expect(await held(paymentKey)).toEqual(before);
      expect(await cancel(paymentKey, left, left)).toMatchObject({ balanceWon: 0 });
      const kinds = (await linesOf(orderId, approvedAt)).map((line) => line.kind);
      expect(kinds).toEqual(["approval", ...before.cancels.map(() => "cancel"), "cancel"]);
    });

    test("a cancel whose answer is lost is found in the payment, once", async () => {
      const { paymentKey } = await paid();
      await side.loseNext("cancel");
      expect(await cancel(paymentKey, 9_900, 9_900)).toMatchObject({ kind: "unknown" });
      // The lock on the balance stops the second one, whatever its key.
      expect(await cancel(paymentKey, 9_900, 9_900)).not.toMatchObject({ kind: "canceled" });
      const payment = await held(paymentKey);
      expect(payment.balanceWon).toBe(0);
      expect(payment.cancels).toMatchObject([{ amountWon: 9_900, balanceAfterWon: 0 }]);
    });

    test("a key is deleted where the provider can, and charges nothing afterwards", async () => {
      const order = await newOrder();
      const deleted = await gateway.deleteBillingKey(order.billingKey);
      if (!gateway.capabilities.keyDeletion) {
        expect(deleted).toMatchObject({ kind: "unknown" });
        return;
      }
      expect(deleted).toEqual({ kind: "deleted" });
      expect(await gateway.deleteBillingKey(order.billingKey)).toMatchObject({ kind: "gone" });
      expect(await gateway.chargeBillingKey(order, newKey())).toMatchObject({
        kind: "declined",
        reason: "card-removed",
        declineClass: "hard",
      });
    });

    test("a key that nobody made is the customer's card, not our fault", async () => {
      const order = { ...(await newOrder()), billingKey: newKey() };
      expect(await gateway.chargeBillingKey(order, newKey())).toMatchObject({
        kind: "declined",
        reason: "card-unknown",
        declineClass: "hard",
      });
    });

    test("what is no JSON object is no webhook", () => {
      expect(gateway.webhooks.parse("{", (key) => key)).toBeNull();
      expect(gateway.webhooks.topicOf("no-such-event")).toBe("other");
      for (const [topic, eventTypes] of Object.entries(gateway.webhooks.eventTypes))
        for (const eventType of eventTypes) expect(gateway.webhooks.topicOf(eventType)).toBe(topic);
    });
  });
}
