/** What is open on the day of the snapshot: begun by the app's operations, and not carried further by any job. */
import { transaction } from "@/db/client";
import { CATALOGUE } from "@/db/seed/catalogue";
import { syncCatalogue } from "@/db/seed/sync-catalogue";
import { seoulInstant } from "@/lib/billing/calendar";
import { collectCharges } from "@/lib/operations/charge/collect";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { giveConsent } from "@/lib/operations/consent/give";
import { numberInvoices } from "@/lib/operations/invoice/number";
import { sendMessages } from "@/lib/operations/message/send";
import { intendRefund, refundCharge } from "@/lib/operations/refund/send";
import { claimRenewals } from "@/lib/operations/renewal/claim";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { forgetWebhooks } from "@/lib/operations/webhook/forget";
import { handleWebhook } from "@/lib/operations/webhook/handle";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { replayWebhook } from "@/lib/operations/webhook/replay";
import { inTransaction } from "@/lib/operations/work";
import type { Person } from "@/sandbox/year/crowd";
import { findBrokenLaws } from "@/sandbox/year/jobs";
import { type Cast, OPERATOR, unwrap } from "./cast";
import { DUE_DAY, failToCompare } from "./past";

const PROOF = { textVersion: "snapshot", ip: "203.0.113.7", userAgent: "snapshot" };

export async function liveThroughToday(cast: Cast): Promise<void> {
  const { world } = cast;
  await failToCompare(cast);
  await decideAboutTrials(cast);
  await numberInvoices();
  await sendMessages(world.deps, 1_000, async () => undefined);
  world.moveTo(seoulInstant(DUE_DAY, 10));
  await openRefunds(cast);
  await chargeWhatIsDue(cast);
  await orderThings(cast);
  await changeCards(cast);
  await hearFromToss(cast);
  await raisePrice(cast);
  await findBrokenLaws(world);
}

async function personNamed({ world }: Cast, name: string): Promise<Person> {
  const [person] = await world.sql<Omit<Person, "actor">[]>`
    select u.id as "userId", c.id as "accountId", c.customer_key as "customerKey"
    from users u join account_members m on m.user_id = u.id join accounts c on c.id = m.account_id where u.name = ${name}`;
  if (!person) throw new Error(`There is no ${name}`);
  return { ...person, actor: { kind: "member", userId: person.userId } };
}

async function openRefunds(cast: Cast): Promise<void> {
  const { deps } = cast.world;
  const waits = await cast.subscribe("refund-waits");
  const { actor, ...order } = await cast.refundOrder(waits, 1_100);
  unwrap(
    await inTransaction(deps, actor, (work) =>
      intendRefund(work, { ...order, partialCancel: true }),
    ),
  );
  const notAnswered = await cast.subscribe("refund-not-answered");
  const lost = await cast.refundOrder(notAnswered, 2_200);
  await cast.dieAfter("cancelPayment", (dying) => refundCharge(dying, lost));
  const unknown = await cast.subscribe("refund-unknown");
  await cast.faultOnCancel(unknown, { kind: "hang-up-after-execute" });
  unwrap(await refundCharge(deps, await cast.refundOrder(unknown, 3_300)));
}

async function decideAboutTrials(cast: Cast): Promise<void> {
  const { deps } = cast.world;
  const contract = async (name: string) => cast.contractOf(await personNamed(cast, name));
  const consents = await contract("tries-and-consents");
  unwrap(await giveConsent(deps, { ...consents, ...PROOF }));
  const changesMind = await contract("tries-and-changes-mind");
  unwrap(await giveConsent(deps, { ...changesMind, ...PROOF }));
  unwrap(await cancelSubscription(deps, changesMind));
  unwrap(await undoCancel(deps, changesMind));
  unwrap(await cancelSubscription(deps, await contract("tries-and-leaves")));
}

/** Each charge of the morning ends, or stays, in another way. */
async function chargeWhatIsDue(cast: Cast): Promise<void> {
  const { deps, toss } = cast.world;
  await claimRenewals(deps, 200);
  const charge = async (person: Person) => collectCharges(deps, [(await cast.chargeOf(person)).id]);
  const due = (name: string) => personNamed(cast, `due-and-${name}`);
  const notAnswered = [await due("not-answered"), await personNamed(cast, "declined-yesterday")];
  for (const person of notAnswered) {
    const { id } = await cast.chargeOf(person);
    await cast.dieAfter("chargeBillingKey", (dying) => collectCharges(dying, [id]));
  }
  const leaver = await personNamed(cast, "declined-yesterday");
  unwrap(await cancelSubscription(deps, await cast.contractOf(leaver)));
  const unknown = await due("unknown");
  await cast.faultOnCharge(unknown, { kind: "hang-up-after-execute" });
  await charge(unknown);
  const overcharged = await due("overcharged");
  await cast.faultOnCharge(overcharged, { kind: "wrong-amount" });
  await charge(overcharged);
  for (const [name, scenario] of [
    ["short", "short-of-balance"],
    ["stopped", "stopped-card"],
  ] as const) {
    const person = await due(name);
    await toss.changeCard({ customerKey: person.customerKey, scenario });
    await charge(person);
  }
  const short = await due("short");
  const { id: afterChargeId } = await cast.chargeOf(short);
  unwrap(await payOverdue(deps, { ...(await cast.contractOf(short)), afterChargeId }));
  await charge(await due("paid"));
  const ourFault = await due("our-fault");
  await cast.faultOnCharge(ourFault, { kind: "decline", code: "UNAUTHORIZED_KEY" });
  await charge(ourFault);
}

async function orderThings(cast: Cast): Promise<void> {
  const { deps } = cast.world;
  await cast.order(await cast.join("orders"), "basic-month-v1");
  await cast.subscribe("cannot-pay", { card: "short-of-balance" });
  const leaves = await cast.join("leaves-while-charged");
  const checkoutId = await cast.order(leaves, "basic-month-v1");
  await cast.returnFromWindow(leaves, { checkoutId });
  await cast.dieAfter("chargeBillingKey", (dying) => completeCheckout(dying, checkoutId));
  unwrap(await cancelSubscription(deps, await cast.contractOf(leaves)));
}

async function changeCards(cast: Cast): Promise<void> {
  const { toss } = cast.world;
  await cast.newCard(await personNamed(cast, "monthly"));
  await cast.bringRefusedCard(await personNamed(cast, "quarterly"));
  await cast.returnFromWindow(await personNamed(cast, "yearly"), { checkoutId: null });
  const gone = await cast.subscribe("card-gone");
  const { customerKey } = gone;
  const key = await billingKeyOf(cast, gone);
  await toss.deleteBillingKey({ customerKey });
  const data = { billingKey: key };
  await hear(cast, { eventType: "BILLING_DELETED", data, isHandled: true });
}

async function billingKeyOf({ world }: Cast, person: Person): Promise<string> {
  const [row] = await world.sql<{ id: string; sealed: string }[]>`
    select id, billing_key_ciphertext as sealed from payment_methods
    where account_id = ${person.accountId}`;
  return world.deps.vault.open(row?.sealed ?? "", row?.id ?? "");
}

type Told = {
  readonly eventType: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isHandled: boolean;
};

async function hearFromToss(cast: Cast): Promise<void> {
  const { orderId } = await cast.chargeOf(await personNamed(cast, "due-and-unknown"));
  const eventType = "PAYMENT_STATUS_CHANGED";
  await hear(cast, { eventType, data: { orderId, status: "DONE" }, isHandled: false });
  const nobody = { orderId: "ord_nobody_knows", status: "DONE" };
  await hear(cast, { eventType, data: nobody, isHandled: true });
  const payout = { payoutId: "payout", status: "COMPLETED" };
  await hear(cast, { eventType: "payout.changed", data: payout, isHandled: true });
  const guess = { orderId, status: "DONE", secret: "a guess" };
  await hear(cast, { eventType: "DEPOSIT_CALLBACK", data: guess, isHandled: true });
  await hear(cast, { eventType: "SOMETHING_NEW", data: {}, isHandled: true });
  await forgetWebhooks(cast.world.deps, 100);
}

async function hear({ world }: Cast, { isHandled, eventType, data }: Told): Promise<void> {
  const { deps, sql } = world;
  const body = JSON.stringify({ eventType, createdAt: "2027-03-20T10:00:00.000000", data });
  const transmissionId = `snapshot-${deps.newId("webhook")}`;
  unwrap(await receiveWebhook(deps, { body, transmissionId }));
  const [row] = await sql<{ id: string }[]>`
    select id from webhook_events where dedupe_key = ${transmissionId}`;
  if (!isHandled) return;
  const webhookId = row?.id ?? "";
  await handleWebhook(deps, webhookId);
  unwrap(await replayWebhook(deps, { webhookId, actor: OPERATOR }));
}

/** The running contracts keep the price they were made at. */
async function raisePrice({ world }: Cast): Promise<void> {
  const dearer = CATALOGUE.map((plan) =>
    plan.id === "basic"
      ? { ...plan, prices: { ...plan.prices, month: { amountWon: 10_900 } } }
      : plan,
  );
  const { minimumWon } = world.deps.gateway.capabilities;
  await transaction((tx) => syncCatalogue(tx, { offers: dearer, minimumWon }));
}
