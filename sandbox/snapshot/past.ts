/** What is over on the day of the snapshot: two months of people, and the jobs of the app at work on every day. */
import {
  addDays,
  type CalendarDate,
  parseCalendarDate,
  seoulInstant,
} from "@/lib/billing/calendar";
import { releaseStop } from "@/lib/operations/charge/release-stop";
import { acceptPayment } from "@/lib/operations/checkout/accept-payment";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { giveConsent } from "@/lib/operations/consent/give";
import { reconcileDay } from "@/lib/operations/reconciliation/reconcile";
import { resolveFinding } from "@/lib/operations/reconciliation/resolve-finding";
import { refundPayment } from "@/lib/operations/refund/request";
import { refundCharge } from "@/lib/operations/refund/send";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { handleWebhook } from "@/lib/operations/webhook/handle";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { passTime } from "@/sandbox/year/jobs";
import { type Cast, OPERATOR, unwrap } from "./cast";

const day = parseCalendarDate;

export const FIRST_DAY = day("2027-01-10");
const CONSENT_DAY = day("2027-01-20");
const RENEWAL_DAY = day("2027-02-10");
const SECOND_START = day("2027-02-19");
export const DUE_DAY = day("2027-03-20");
const PROOF = { textVersion: "snapshot", ip: "203.0.113.7", userAgent: "snapshot" };

export async function liveThroughPast(cast: Cast): Promise<void> {
  const people = await begin(cast);
  await goOn(cast, CONSENT_DAY);
  await giveConsent(cast.world.deps, { ...(await cast.contractOf(people.converts)), ...PROOF });
  await goOn(cast, addDays(RENEWAL_DAY, -1));
  const { toss } = cast.world;
  const { customerKey } = people.neverPaysAgain;
  await toss.changeCard({ customerKey, scenario: "short-of-balance" });
  await cast.faultOnCharge(people.stopsAll, { kind: "decline", code: "UNAUTHORIZED_KEY" });
  await goOn(cast, RENEWAL_DAY);
  await releaseAll(cast);
  await goOn(cast, addDays(RENEWAL_DAY, 1));
  await explainOneFinding(cast);
  await goOn(cast, SECOND_START);
  const declined = await beginAgain(cast);
  await goOn(cast, addDays(DUE_DAY, -12));
  await beginTrials(cast);
  await goOn(cast, addDays(DUE_DAY, -2));
  await cast.faultOnCharge(declined, { kind: "decline", code: "REJECT_CARD_PAYMENT" });
  await goOn(cast, addDays(DUE_DAY, -1));
  await cast.payFromElsewhere(33_000);
  await goOn(cast, DUE_DAY, 9);
}

/** To 11:00 in Seoul, or another hour, through every instant at which something is due. */
async function goOn({ world }: Cast, to: CalendarDate, hour = 11): Promise<void> {
  await passTime(world, { from: world.now(), to: seoulInstant(to, hour) });
}

async function begin(cast: Cast) {
  const { deps } = cast.world;
  await cast.subscribe("monthly");
  await cast.subscribe("quarterly", { priceId: "basic-quarter-v1" });
  await cast.subscribe("yearly", { priceId: "basic-year-v1" });
  await cast.subscribe("tries-twice", { card: "declined-once" });
  await cast.subscribe("never-consents", { priceId: "premium-month-v1" });
  await cast.subscribe("expires", { card: "short-of-balance" });
  await cast.order(await cast.join("forgets"), "basic-month-v1");
  await buyOnce(cast, "buys-once");
  await buyOnce(cast, "buys-in-vain", "short-of-balance");
  const leaves = await cast.subscribe("leaves");
  await cancelSubscription(deps, await cast.contractOf(leaves));
  const converts = await cast.subscribe("converts", { priceId: "premium-quarter-v1" });
  const neverPaysAgain = await cast.subscribe("never-pays-again");
  const stopsAll = await cast.subscribe("stops-all");
  await refundSome(cast);
  await cast.newCard(await cast.subscribe("replaced-card"));
  await cast.payFromElsewhere(11_000);
  return { converts, neverPaysAgain, stopsAll };
}

async function buyOnce(
  cast: Cast,
  name: string,
  scenario: "normal" | "short-of-balance" = "normal",
) {
  const { deps, toss, sql } = cast.world;
  const person = await cast.join(name);
  const checkoutId = await cast.order(person, "onboarding-once-v1");
  const [row] = await sql<{ orderId: string; amount: number }[]>`
    select order_id as "orderId", amount_won::int as amount from checkouts where id = ${checkoutId}`;
  const { orderId = "", amount = 0 } = row ?? {};
  const paid = await toss.authorizePayment({ orderId, amount, orderName: "온보딩", scenario });
  unwrap(await acceptPayment(deps, { ...person, checkoutId, ...paid }));
  await completeCheckout(deps, checkoutId);
}

async function refundSome(cast: Cast): Promise<void> {
  const { deps } = cast.world;
  const partly = await cast.subscribe("refunded-partly");
  unwrap(await refundCharge(deps, await cast.refundOrder(partly, 3_300)));
  const wholly = await cast.subscribe("refunded-wholly");
  const order = await cast.refundOrder(wholly, 9_900);
  unwrap(await refundPayment(deps, { ...order, next: "end-now" }));
  const refused = await cast.subscribe("refund-refused");
  await cast.faultOnCancel(refused, { kind: "decline", code: "EXCEED_MAX_REFUND_DUE" });
  await refundCharge(deps, await cast.refundOrder(refused, 9_900));
  const adopted = await cast.subscribe("refunded-at-toss");
  await cast.cancelByHand(adopted, 4_400);
  await tellOf(cast, (await cast.chargeOf(adopted)).orderId);
}

/** A webhook about an order, handled at once. */
async function tellOf(cast: Cast, orderId: string): Promise<void> {
  const { deps, sql } = cast.world;
  const data = { orderId, status: "PARTIAL_CANCELED" };
  const body = {
    eventType: "PAYMENT_STATUS_CHANGED",
    createdAt: "2027-01-10T11:00:00.000000",
    data,
  };
  const raw = { body: JSON.stringify(body), transmissionId: `told-${orderId}` };
  unwrap(await receiveWebhook(deps, raw));
  const [row] = await sql<{ id: string }[]>`
    select id from webhook_events where dedupe_key = ${raw.transmissionId}`;
  await handleWebhook(deps, row?.id ?? "");
}

/** Those whose renewals are due on the day of the snapshot, and on the day before it. */
async function beginAgain(cast: Cast) {
  const { world } = cast;
  const declinedYesterday = await cast.subscribe("declined-yesterday");
  await goOn(cast, addDays(SECOND_START, 1));
  for (const name of DUE_PEOPLE) await cast.subscribe(name);
  const cancelsLater = await cast.subscribe("cancels-later", { priceId: "enterprise-year-v1" });
  await cancelSubscription(world.deps, await cast.contractOf(cancelsLater));
  return declinedYesterday;
}

const DUE_PEOPLE = [
  "due-and-not-called",
  "due-and-not-answered",
  "due-and-unknown",
  "due-and-overcharged",
  "due-and-short",
  "due-and-stopped",
  "due-and-paid",
  "due-and-our-fault",
] as const;

async function beginTrials(cast: Cast): Promise<void> {
  for (const name of ["tries", "tries-and-consents", "tries-and-leaves", "tries-and-changes-mind"])
    await cast.subscribe(name, { priceId: "premium-year-v1" });
}

async function releaseAll({ world }: Cast): Promise<void> {
  const stops = await world.sql<{ id: string }[]>`
    select id from charging_stops where released_at is null`;
  const order = { actor: OPERATOR, note: "키를 바로잡았어요." };
  for (const { id } of stops) unwrap(await releaseStop(world.deps, { ...order, stopId: id }));
}

async function explainOneFinding({ world }: Cast): Promise<void> {
  const [finding] = await world.sql<{ id: string }[]>`
    select id from reconciliation_findings where resolved_at is null limit 1`;
  const decision = { findingId: finding?.id ?? "", actor: OPERATOR, note: "다른 시스템의 결제" };
  unwrap(await resolveFinding(world.deps, { ...decision, how: "explain" }));
}

/** Toss cannot list a day to its end. */
export async function failToCompare({ world }: Cast): Promise<void> {
  const match = { operation: "transactions" as const };
  await world.toss.withFault({ kind: "outage", match }, () =>
    reconcileDay(world.deps, addDays(DUE_DAY, -2)),
  );
}
