import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db, transaction } from "@/db/client";
import { charges, subscriptions, checkouts, paymentMethods } from "@/db/schema";
import { lockCustomer } from "@/db/customers";
import { lockSubscriptionOfCheckout } from "@/db/subscriptions";
import { addDue } from "@/lib/testing/population";
import { type Story, startStory } from "@/lib/testing/story";
import { claimRenewals } from "./claim-renewals";
import { collectCharges } from "./collect-charges";
import { replaceCard } from "./replace-card";
import { settleCharges } from "./settle-charges";
import { cancelSubscription } from "./cancel-subscription";
import { expireCheckouts } from "./expire-checkouts";
import { lockExpiredCheckouts, expireCheckouts as markExpired } from "@/db/checkouts";

let story: Story;
beforeAll(async () => { story = await startStory(); });
afterAll(() => story.close());
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

test("G card replaced while the renewal with the old one is open", async () => {
  const p = await story.person();
  await story.subscribe(p, "basic-month-v1");
  const before = await story.subscriptionOf(p);
  story.at("2027-02-28");
  const { chargeIds } = await claimRenewals(story.deps, 100);
  const { registrationId } = await story.returnWithCard(p, null);
  const { billingKeys } = await story.toss.control.state({ customerKey: p.customerKey });
  await replaceCard(story.deps, registrationId);
  console.log("swapped", before.paymentMethodId !== (await story.subscriptionOf(p)).paymentMethodId);
  const old = billingKeys[0]!;
  await story.toss.control.addFault({ kind: "decline", code: "INVALID_STOPPED_CARD", match: { billingKey: old.id } } as never);
  await collectCharges(story.deps, chargeIds);
  console.log("then", await story.subscriptionOf(p));
  for (let d = 1; d <= 25; d++) { story.at(`2027-03-${String(d).padStart(2, "0")}`); await story.work(); }
  const end = await story.subscriptionOf(p);
  console.log("end", end.status, "endReason" in end && [end.endReason, end.endedOn]);
  console.log((await story.chargesOf(p)).map((c) => [c.attemptedOn, c.status, c.declineCode, c.paymentMethodId === end.paymentMethodId ? "new card" : "old card"]));
  console.log((await story.messagesTo(p)).map((m) => m.kind + ": " + m.body.slice(0, 200)));
});

test("C settle poison", async () => {
  story.at("2027-05-10");
  const customerKeys = Array.from({ length: 5 }, () => randomUUID());
  await addDue(story.deps, await story.toss.control.issueBillingKeys({ customerKeys, scenario: "normal" }));
  const { chargeIds } = await claimRenewals(story.deps, 1000);
  const stand = async (t: string) => {
    const rows = await db().select().from(charges).where(sql`${charges.id} = any(${`{${chargeIds.join(",")}}`}::text[])`);
    console.log(t, rows.map((r) => r.status + ":" + (r.calledAt ? "called" : "never called") + ":" + r.settleTries + (r.needsReview ? "R" : "")).join(" "));
  };
  story.minutesLater(3);
  const bad: string[] = [];
  const vault = { ...story.deps.vault, open(sealed: string, ctx: string): string { if (bad.length === 0) bad.push(ctx); if (bad.includes(ctx)) throw new Error("no such key"); return story.deps.vault.open(sealed, ctx); } };
  for (let i = 0; i < 5; i++) {
    await settleCharges({ ...story.deps, vault }, 50).catch((e) => console.log("run", i, e.message));
    await stand(String(i));
    story.minutesLater(3);
  }
});

test("F expiry against cancel", async () => {
  story.at("2027-08-10");
  const p = await story.person();
  await story.toss.control.addFault({ kind: "decline", code: "REJECT_CARD_COMPANY", match: { customerKey: p.customerKey, operation: "charge" } } as never);
  const checkoutId = await story.subscribe(p, "basic-month-v1");
  const sub = await story.subscriptionOf(p);
  console.log(sub.status);
  story.at("2027-08-13");
  const t1 = transaction(async (tx) => { // expireCheckouts
    const [c] = await lockExpiredCheckouts(tx, story.now(), 1000); await sleep(300); return (await lockSubscriptionOfCheckout(tx, checkoutId))?.status;
  }).then(String, (e) => String(e.cause ?? e));
  await sleep(100);
  const t2 = cancelSubscription(story.deps, { ...p, subscriptionId: sub.id }).then((r) => JSON.stringify(r).slice(0, 40), (e) => String(e.cause ?? e));
  console.log("F", await Promise.all([t1, t2]));
});
