/** Webhooks are hints: doubled, forged, late, reordered or lost, they change nothing that Toss itself does not confirm. */

import { desc, eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditLog } from "@/db/schema/audit";
import { paymentMethods } from "@/db/schema/card";
import { webhookEvents } from "@/db/schema/webhook";
import { listWebhooks } from "@/db/webhook";
import { replaceCard } from "@/lib/operations/card/replace";
import { collectCharges } from "@/lib/operations/charge/collect";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { operator } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { day, won } from "@/lib/testing/billing";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from "@/packages/toss-twin/testing/webhook-receiver";
import { signWebhook } from "@/packages/toss-twin/webhook/signature";
import { handleWaitingWebhooks, handleWebhook } from "./handle";
import { receiveWebhook } from "./receive";
import { replayWebhook } from "./replay";

let story: Story;
let shop: WebhookReceiver;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  shop = await startWebhookReceiver();
  await story.toss.control.registerWebhook({ url: shop.url });
});
afterEach(async () => {
  await story.close();
  await shop.close();
});

/** What Toss has sent since the test began, stored as the route stores it. */
async function delivered(): Promise<string[]> {
  await story.toss.control.catchUp();
  const ids: string[] = [];
  for (const { text, headers } of shop.received.splice(0)) {
    const transmissionId = String(headers["tosspayments-webhook-transmission-id"]);
    ids.push(await stored(text, transmissionId));
  }
  return ids;
}

async function stored(body: string, transmissionId: string, signature?: string): Promise<string> {
  const signed = { bytes: Buffer.from(body), time: TIME, securityKey: SECURITY_KEY };
  const result = await receiveWebhook(story.deps, {
    body,
    transmissionId,
    ...(signature !== undefined && { proof: { ...signed, signature } }),
  });
  expect(result).toMatchObject({ ok: true });
  const rows = await db()
    .select()
    .from(webhookEvents)
    .where(eq(webhookEvents.dedupeKey, transmissionId));
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? "";
}

const TIME = "2027-02-10T10:00:00.000000+09:00";
const SECURITY_KEY = "00112233445566778899aabbccddeeff";

let forgeries = 0;
function forged(event: object): Promise<string> {
  forgeries += 1;
  return stored(JSON.stringify(event), `whtrans_forged_${forgeries}`);
}

const statusChange = (orderId: string, more: object = {}) => ({
  eventType: "PAYMENT_STATUS_CHANGED",
  createdAt: "2027-02-10T10:00:00.000000",
  data: { orderId, status: "DONE", ...more },
});

async function subscriber(on: string): Promise<Person> {
  story.at(on);
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  return person;
}

async function newestCharge(person: Person) {
  const charge = (await story.chargesOf(person)).at(-1);
  if (!charge) throw new Error("Nothing was charged");
  return charge;
}

/** Somebody presses "cancel" in Toss's own console. */
async function cancelByHand(person: Person, amountWon: number, balanceWon = 9_900) {
  const { paymentKey } = await newestCharge(person);
  const outcome = await story.deps.gateway.cancelPayment(
    {
      paymentKey: paymentKey ?? "",
      amountWon: won(amountWon),
      balanceWon: won(balanceWon),
      reason: "콘솔",
    },
    `${paymentKey}:${balanceWon}`,
  );
  expect(outcome.kind).toBe("canceled");
}

async function cardOf(person: Person) {
  const [row] = await db()
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.accountId, person.accountId))
    .orderBy(desc(paymentMethods.createdAt), desc(paymentMethods.id));
  if (!row) throw new Error("No card");
  return row;
}

async function kindsTold(person: Person) {
  return (await story.messagesTo(person)).map((message) => message.kind);
}

async function eventOf(id: string) {
  const [row] = await db().select().from(webhookEvents).where(eq(webhookEvents.id, id));
  if (!row) throw new Error("No such webhook");
  return row;
}

function withToss(toss: Partial<Deps["gateway"]>): Deps {
  return { ...story.deps, gateway: { ...story.deps.gateway, ...toss } };
}

test("a forged DONE for a charge that Toss never made changes nothing, however often it comes", async () => {
  const person = await subscriber("2027-01-10");
  story.at("2027-02-10");
  await claimRenewals(story.deps, 10);
  const open = await newestCharge(person);
  for (let round = 0; round < 3; round++) {
    const id = await forged(statusChange(open.orderId));
    expect(await handleWebhook(story.deps, id)).toBe("outcome-open");
  }
  expect(await newestCharge(person)).toEqual(open);
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.minutesLater(10);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a genuine one settles an open charge at once, and the same one again does nothing", async () => {
  const person = await subscriber("2027-03-10");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  story.at("2027-04-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  await collectCharges(story.deps, chargeIds);
  const open = await newestCharge(person);
  expect(open).toMatchObject({ status: "unknown" });
  const body = JSON.stringify(statusChange(open.orderId));
  const id = await stored(body, "whtrans_genuine");
  expect(await stored(body, "whtrans_genuine")).toBe(id);
  expect(await handleWebhook(story.deps, id)).toBe("charge-approved");
  expect(await handleWebhook(story.deps, id)).toBe("charge-approved");
  expect(await story.subscriptionOf(person)).toMatchObject({ n: 2 });
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 19_800 });
});

test("a refund made in Toss's console is booked as soon as its webhook is here", async () => {
  const person = await subscriber("2027-05-10");
  await cancelByHand(person, 4_400);
  const [id = ""] = await delivered();
  expect(await handleWebhook(story.deps, id)).toBe("refund-adopted");
  expect(await story.refundsOf(person)).toMatchObject([
    { status: "done", amountWon: 4_400, requestedBy: "toss" },
  ]);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 5_500 });
  expect(await kindsTold(person)).toContain("refund-done");
});

test("webhooks that come late, twice and in the wrong order end where the right order ends", async () => {
  const person = await subscriber("2027-05-10");
  await cancelByHand(person, 4_400);
  await cancelByHand(person, 5_500, 5_500);
  const [first = "", second = ""] = await delivered();
  story.at("2027-05-14");
  expect(await handleWebhook(story.deps, second)).toBe("refund-adopted");
  expect(await handleWebhook(story.deps, first)).toBe("nothing-new");
  // The same news under another transmission id.
  const { orderId } = await newestCharge(person);
  story.minutesLater(1);
  const again = await forged(statusChange(orderId, { status: "PARTIAL_CANCELED" }));
  expect(await handleWebhook(story.deps, again)).toBe("nothing-new");
  expect(await story.refundsOf(person)).toHaveLength(2);
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 0 });
});

test("a forged cancel of a paid charge gives no money back, and a forged payment key leads nowhere", async () => {
  const person = await subscriber("2027-05-11");
  const { orderId } = await newestCharge(person);
  const cancels = [{ cancelAmount: 9_900, transactionKey: "tx_forged" }];
  const other = await subscriber("2027-05-11");
  const { paymentKey } = await newestCharge(other);
  const data = { status: "CANCELED", totalAmount: 1, balanceAmount: 0, cancels, paymentKey };
  const id = await forged(statusChange(orderId, data));
  expect(await handleWebhook(story.deps, id)).toBe("nothing-new");
  expect([...(await story.refundsOf(person)), ...(await story.refundsOf(other))]).toEqual([]);
});

test("a cancel that names only its payment, or a transaction known here, is looked at", async () => {
  const person = await subscriber("2027-05-12");
  await cancelByHand(person, 1_000);
  await delivered();
  const { paymentKey } = await newestCharge(person);
  const ofCancel = (data: object) => forged({ eventType: "CANCEL_STATUS_CHANGED", data });
  const byPayment = await ofCancel({ paymentKey, cancelStatus: "DONE" });
  expect(await handleWebhook(story.deps, byPayment)).toBe("refund-adopted");
  const [refund] = await story.refundsOf(person);
  story.minutesLater(1);
  const byTransaction = await ofCancel({ transactionKey: refund?.transactionKey });
  expect(await handleWebhook(story.deps, byTransaction)).toBe("nothing-new");
  const unknown = await ofCancel({ transactionKey: "tx_of_nobody" });
  expect(await handleWebhook(story.deps, unknown)).toBe("nothing-to-look-at");
});

test("while Toss is silent the webhook waits, and a lost hint is made up for", async () => {
  const person = await subscriber("2027-06-10");
  await cancelByHand(person, 9_900);
  const [id = ""] = await delivered();
  const silent = withToss({ findPayment: async () => ({ kind: "unknown", reason: "timeout" }) });
  expect(await handleWebhook(silent, id)).toBe("outcome-open");
  expect(await eventOf(id)).toMatchObject({ handledAt: null, tries: 1, result: "outcome-open" });
  expect(await handleWaitingWebhooks(story.deps, 100)).toBe(0);
  story.minutesLater(5);
  expect(await handleWaitingWebhooks(story.deps, 100)).toBe(1);
  expect(await eventOf(id)).toMatchObject({ lookAt: null, tries: 2, result: "refund-adopted" });
  expect(await handleWaitingWebhooks(story.deps, 100)).toBe(0);
});

test("one that can never be worked on holds up no other, and is given up after a day", async () => {
  const person = await subscriber("2027-06-20");
  const broken = await forged(statusChange((await newestCharge(person)).orderId));
  const fine = await forged({ eventType: "METHOD_UPDATED", data: {} });
  const deps = withToss({ findPayment: () => Promise.reject(new Error("no such table")) });
  story.minutesLater(5);
  expect(await handleWaitingWebhooks(deps, 100)).toBe(2);
  expect(await eventOf(fine)).toMatchObject({ result: "not-used" });
  expect(await eventOf(broken)).toMatchObject({ handledAt: null, result: null });
  const silent = withToss({ findPayment: async () => ({ kind: "unknown", reason: "timeout" }) });
  for (let round = 0; round < 20; round++) {
    story.minutesLater(6 * 60);
    await handleWaitingWebhooks(silent, 100);
  }
  expect(await eventOf(broken)).toMatchObject({ tries: 10, lookAt: null, result: "outcome-open" });
});

test("with every webhook lost, a refund by hand and a deleted card are found out all the same", async () => {
  const person = await subscriber("2027-07-10");
  const match = { customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "webhook-dropped", match, times: 100 });
  await cancelByHand(person, 9_900);
  await story.toss.control.deleteBillingKey(match);
  story.at("2027-07-11", 8);
  await reconcileDay(story.deps, day("2027-07-10"));
  expect(await story.refundsOf(person)).toMatchObject([{ status: "done", amountWon: 9_900 }]);
  story.at("2027-08-10");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "past-due", nextTryOn: null });
  expect(await delivered()).toEqual([]);
});

test("a deposit is looked at only when its secret is the payment's own", async () => {
  const person = await subscriber("2027-09-10");
  const { orderId } = await newestCharge(person);
  const deposit = (secret: string) =>
    forged({
      createdAt: "2027-09-10T10:00:00",
      secret,
      status: "DONE",
      transactionKey: "t",
      orderId,
    });
  expect(await handleWebhook(story.deps, await deposit("ps_guessed"))).toBe("secret-differs");
  const known = await story.deps.gateway.findSecret(orderId);
  const secret = known.kind === "known" ? known.secret : null;
  expect(secret).toMatch(/^ps_/);
  story.minutesLater(1);
  expect(await handleWebhook(story.deps, await deposit(secret ?? ""))).toBe("nothing-new");
  const silent = withToss({ findSecret: async () => ({ kind: "unknown", reason: "timeout" }) });
  story.minutesLater(1);
  expect(await handleWebhook(silent, await deposit(secret ?? ""))).toBe("outcome-open");
  const secretless = withToss({ findSecret: async () => ({ kind: "known", secret: null }) });
  story.minutesLater(1);
  expect(await handleWebhook(secretless, await deposit("null"))).toBe("secret-differs");
});

test("a billing key deleted at Toss: its owner is asked for another card, and the next try is not made with it", async () => {
  const person = await subscriber("2027-10-10");
  story.at("2027-10-20");
  await story.toss.control.deleteBillingKey({ customerKey: person.customerKey });
  const [id = ""] = await delivered();
  expect(await handleWebhook(story.deps, id)).toBe("card-gone");
  expect(
    await replayWebhook(story.deps, { webhookId: id, actor: operator("usr_operator") }),
  ).toEqual({
    ok: true,
    value: "card-not-in-use",
  });
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", cancelsOn: null });
  const told = (await story.messagesTo(person)).filter(({ kind }) => kind === "card-gone");
  expect(told).toHaveLength(1);
  expect(told[0]?.body).toContain("다음 결제일은 2027년 11월 10일 (수)\u2060이에요.");

  story.at("2027-11-10");
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(1);
  expect(await newestCharge(person)).toMatchObject({
    status: "declined",
    declineCode: "CARD_REMOVED",
    declineReason: "card-removed",
  });
  expect(await story.subscriptionOf(person)).toMatchObject({
    status: "past-due",
    nextTryOn: null,
  });
});

test("a forged deletion by one who knows the key does no more than a true one: another card, and all goes on", async () => {
  const person = await subscriber("2027-12-10");
  const card = await cardOf(person);
  const billingKey = story.deps.vault.open(card.billingKeyCiphertext ?? "", card.id);
  const id = await forged({
    eventType: "BILLING_DELETED",
    createdAt: "2027-12-10T12:00:00.000000",
    data: { billingKey: billingKey.replace(/=+$/, ""), reason: null },
  });
  expect(JSON.stringify(await eventOf(id))).not.toContain(billingKey.slice(0, 20));
  expect(await handleWebhook(story.deps, id)).toBe("card-gone");

  const { registrationId } = await story.returnWithCard(person, null);
  expect(await replaceCard(story.deps, registrationId)).toMatchObject({ kind: "issued" });
  await story.work();
  expect(
    await db().select().from(paymentMethods).where(eq(paymentMethods.id, card.id)),
  ).toMatchObject([
    { billingKeyCiphertext: null, goneKeyCiphertext: null, deletedAt: expect.any(Date) },
  ]);
  const { billingKeys } = await story.toss.control.state({ customerKey: person.customerKey });
  expect(billingKeys.filter((key) => key.removedAt === null)).toHaveLength(1);
  // Toss now tells of the deletion that we asked for ourselves.
  const [ours = ""] = await delivered();
  expect(await handleWebhook(story.deps, ours)).toBe("card-not-in-use");

  story.at("2028-01-10");
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
});

test("a deletion that guesses a key finds no card, and neither does its fingerprint", async () => {
  const person = await subscriber("2027-02-10");
  const card = await cardOf(person);
  for (const billingKey of ["Zx8kGuessed", card.billingKeyFingerprint, "", null, ["x"]]) {
    const id = await forged({ eventType: "BILLING_DELETED", data: { billingKey } });
    expect(await handleWebhook(story.deps, id)).toBe("card-unknown");
  }
  expect(await cardOf(person)).toEqual(card);
});

test("while a charge with the card is at Toss, its deletion waits for the outcome", async () => {
  const person = await subscriber("2027-02-10");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  story.at("2027-03-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  await collectCharges(story.deps, chargeIds);
  await story.toss.control.deleteBillingKey({ customerKey: person.customerKey });
  const [id = ""] = await delivered();
  expect(await handleWebhook(story.deps, id)).toBe("outcome-open");
  story.minutesLater(10);
  await story.work();
  expect(await story.subscriptionOf(person)).toMatchObject({ status: "active", n: 2 });
  await handleWaitingWebhooks(story.deps, 100);
  expect(await eventOf(id)).toMatchObject({ result: "card-gone" });
});

test("who owes is asked for a card at once; who has cancelled is not asked at all", async () => {
  const owes = await subscriber("2027-04-10");
  const left = await subscriber("2027-04-10");
  await story.toss.control.changeCard({
    customerKey: owes.customerKey,
    scenario: "short-of-balance",
  });
  const { id: subscriptionId } = await story.subscriptionOf(left);
  await cancelSubscription(story.deps, { ...left, subscriptionId });
  story.at("2027-05-09");
  await story.toss.control.deleteBillingKey({ customerKey: left.customerKey });
  story.at("2027-05-10");
  await story.work();
  await story.toss.control.deleteBillingKey({ customerKey: owes.customerKey });
  for (const id of await delivered()) await handleWebhook(story.deps, id);
  const told = (await story.messagesTo(owes)).filter(({ kind }) => kind === "card-gone");
  expect(told).toMatchObject([{ body: expect.stringContaining("밀린 금액을 결제하려면") }]);
  expect(await kindsTold(left)).not.toContain("card-gone");
});

test("payout and seller events count only with a signature that fits, and are of no use even then", async () => {
  const body = JSON.stringify({ eventType: "payout.changed", entityBody: {} });
  const ids = [
    await stored(body, "whtrans_unsigned"),
    await stored(
      body,
      "whtrans_forged_signature",
      signWebhook(body, TIME, { securityKeys: ["guessed"], securityKeyEncoding: "text" }),
    ),
    await stored(
      body,
      "whtrans_signed",
      signWebhook(body, TIME, { securityKeys: [SECURITY_KEY], securityKeyEncoding: "hex" }),
    ),
  ];
  const results: string[] = [];
  for (const id of ids) results.push(await handleWebhook(story.deps, id));
  expect(results).toEqual(["unverified", "unverified", "not-used"]);
});

test("unknown events and orders are stored and left alone; what is no webhook is refused", async () => {
  const orderless = await forged(statusChange("ord_of_nobody"));
  expect(await handleWebhook(story.deps, orderless)).toBe("nothing-to-look-at");
  for (const event of [
    { eventType: "SOMETHING_NEW", data: { orderId: 5 } },
    { eventType: "METHOD_UPDATED", data: null },
    {},
  ])
    expect(await handleWebhook(story.deps, await forged(event))).toBe("not-used");
  for (const body of ["{", "[1]", '"text"', '{"a":"\\u0000"}', '{"a":"\\udc00"}'])
    expect(await receiveWebhook(story.deps, { body, transmissionId: null })).toMatchObject({
      refusal: { code: "malformed-json" },
    });
  expect(await handleWebhook(story.deps, "whk_unknown")).toBe("unknown-webhook");
});

test("without a transmission id the same body is one webhook; its time is Seoul's", async () => {
  const body = JSON.stringify({ eventType: "SOMETHING_NEW", createdAt: "2027-02-10T10:00:00.5" });
  for (const transmissionId of [null, "", "sha256:posing", "x".repeat(201)])
    await receiveWebhook(story.deps, { body, transmissionId });
  const group = { besides: Object.values(story.deps.gateway.webhooks.eventTypes).flat() };
  const rows = (await listWebhooks({ group, search: null, after: null }, 100)).filter(
    (row) => row.saidAt?.toISOString() === "2027-02-10T01:00:00.500Z",
  );
  expect(rows).toHaveLength(1);
});

test("an operator's replay looks again, is written down, keeps what was caused, and is safe twice", async () => {
  const person = await subscriber("2027-06-10");
  await cancelByHand(person, 3_300);
  const [id = ""] = await delivered();
  const order = { webhookId: id, actor: operator("usr_operator") };
  expect(await replayWebhook(story.deps, order)).toMatchObject({ value: "refund-adopted" });
  expect(await replayWebhook(story.deps, order)).toMatchObject({ value: "nothing-new" });
  expect(await handleWebhook(story.deps, id)).toBe("refund-adopted");
  expect(await story.refundsOf(person)).toHaveLength(1);
  expect(await eventOf(id)).toMatchObject({ result: "refund-adopted", handledAt: story.now() });
  const audited = await db().select().from(auditLog).where(eq(auditLog.subjectId, id));
  expect(audited).toMatchObject([
    { actor: "usr_operator", action: "webhook.replayed", details: { result: "refund-adopted" } },
    { actor: "usr_operator", action: "webhook.replayed", details: { result: "nothing-new" } },
  ]);
  expect(await replayWebhook(story.deps, { ...order, webhookId: "whk_none" })).toMatchObject({
    refusal: { code: "unknown-webhook" },
  });
});

test("the inbox is found by order, by kind and page by page, newest first", async () => {
  for (let n = 0; n < 9; n++) {
    const order = await forged(statusChange(`ord_${n}`));
    await forged({ eventType: "BILLING_DELETED", data: { billingKey: "Zx8kGuessed" } });
    await forged({ eventType: "METHOD_UPDATED", data: {} });
    if (n % 2 === 0) await handleWebhook(story.deps, order);
    if (n % 3 === 0) story.minutesLater(1);
  }
  const all = await listWebhooks({ group: null, search: null, after: null }, 1_000);
  expect(all.length).toBeGreaterThan(20);
  const paged: string[] = [];
  for (let after: { receivedAt: Date; id: string } | null = null; ; ) {
    const page = await listWebhooks({ group: null, search: null, after }, 7);
    paged.push(...page.map((event) => event.id));
    const last = page.at(-1);
    if (!last || page.length < 7) break;
    after = last;
  }
  expect(paged).toEqual(all.map((event) => event.id));
  const { payment, card } = story.deps.gateway.webhooks.eventTypes;
  const ofPayments = { group: { among: payment }, search: null, after: null };
  const [cancel] = await listWebhooks(ofPayments, 1);
  expect(cancel?.orderId).toMatch(/^ord_/);
  const search = cancel?.orderId ?? "";
  const ofOrder = await listWebhooks({ group: null, search, after: null }, 10);
  expect(new Set(ofOrder.map((event) => event.orderId))).toEqual(new Set([search]));
  const cards = await listWebhooks({ group: { among: card }, search, after: null }, 10);
  expect(cards).toEqual([]);
  const waiting = await listWebhooks({ group: "waiting", search: null, after: null }, 100);
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.every((event) => event.handledAt === null)).toBe(true);
});
