/** Webhooks are hints: doubled, forged, late or lost, they change nothing that a query at Toss does not confirm. */
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { webhookEvents } from "@/db/schema";
import { type Story, startStory } from "@/lib/testing/story";
import { claimRenewals } from "./claim-renewals";
import { collectCharges } from "./collect-charges";
import { handleWebhook } from "./handle-webhook";
import { receiveWebhook } from "./receive-webhook";

let story: Story;
beforeAll(async () => {
  story = await startStory("2027-01-10");
});
afterAll(() => story.close());

async function received(orderId: string, status: string, transmissionId: string) {
  const body = JSON.stringify({
    eventType: "PAYMENT_STATUS_CHANGED",
    createdAt: "2027-02-10T10:00:00.000000",
    data: { orderId, status },
  });
  await receiveWebhook(story.deps, { body, transmissionId });
  const rows = await db()
    .select()
    .from(webhookEvents)
    .where(eq(webhookEvents.dedupeKey, transmissionId));
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? "";
}

test("a forged DONE for a charge that Toss never made changes nothing", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  story.at("2027-02-10");
  await claimRenewals(story.deps, 10);
  const open = (await story.chargesOf(person)).at(-1);
  const id = await received(open?.orderId ?? "", "DONE", "whtrans_forged");
  await handleWebhook(story.deps, id);
  expect(await story.subscriptionOf(person)).toMatchObject({ periodsPaid: 1 });
  expect(await story.paidAtToss(person)).toHaveLength(1);
  story.minutesLater(10);
  await story.work();
  expect(await story.paidAtToss(person)).toHaveLength(2);
});

test("a genuine one settles an open charge at once, and the same one again does nothing", async () => {
  story.at("2027-03-10");
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const match = { operation: "charge" as const, customerKey: person.customerKey };
  await story.toss.control.addFault({ kind: "hang-up-after-execute", match });
  story.at("2027-04-10");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  await collectCharges(story.deps, chargeIds);
  const open = (await story.chargesOf(person)).at(-1);
  expect(open).toMatchObject({ status: "unknown" });
  const id = await received(open?.orderId ?? "", "DONE", "whtrans_genuine");
  await received(open?.orderId ?? "", "DONE", "whtrans_genuine");
  await handleWebhook(story.deps, id);
  await handleWebhook(story.deps, id);
  expect(await story.subscriptionOf(person)).toMatchObject({ periodsPaid: 2 });
  expect(await story.ledgerSums(person)).toMatchObject({ total: 0, "pg-clearing": 19_800 });
});

test("an unknown event and an unknown order are stored and left alone; no JSON is refused", async () => {
  const id = await received("ord_of_nobody", "CANCELED", "whtrans_nobody");
  expect(await handleWebhook(story.deps, id)).toBe("nothing-to-look-at");
  expect(await receiveWebhook(story.deps, { body: "{", transmissionId: null })).toMatchObject({
    refusal: { code: "malformed-json" },
  });
  expect(await receiveWebhook(story.deps, { body: "[1]", transmissionId: null })).toMatchObject({
    refusal: { code: "malformed-json" },
  });
  expect(await handleWebhook(story.deps, "whk_unknown")).toBe("unknown-webhook");
});
