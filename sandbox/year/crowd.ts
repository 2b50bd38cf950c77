/**
 * The crowd of the first month: people, cards and orders that stand as their pages leave them when somebody comes back
 * from the card window, written in a few statements, and the first charges made by the operation that makes all of them.
 */

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { insertPendingCharges } from "@/db/charge";
import { markCheckoutsCompleted } from "@/db/checkout";
import { db } from "@/db/client";
import { accountMembers, accounts, users } from "@/db/schema/account";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { plans, prices } from "@/db/schema/catalogue";
import { checkouts } from "@/db/schema/checkout";
import { insertSubscriptions } from "@/db/subscription";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { periodTitle } from "@/lib/billing/invoice/invoice";
import { parseWon } from "@/lib/billing/money";
import { withoutWorth } from "@/lib/billing/subscription/contract";
import { NO_CREDIT, nextTotalWon, orderNextPeriod } from "@/lib/billing/subscription/order";
import {
  type Incomplete,
  newOrder,
  nextPeriod,
  type Trialing,
} from "@/lib/billing/subscription/subscription";
import { collectCharges } from "@/lib/operations/charge/collect";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { draftCharge, draftInvoice, openInvoices } from "@/lib/operations/invoice/open";
import type { BookedNotice } from "@/lib/operations/message/book";
import { type Actor, inTransaction, JOB, member, type Work } from "@/lib/operations/work";
import { sha256 } from "@/lib/runtime/secrets";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import type { Life } from "./lives";
import type { YearWorld } from "./world";

export type Person = {
  readonly userId: string;
  readonly actor: Actor;
  readonly accountId: string;
  readonly customerKey: string;
};

type Member = {
  readonly nth: number;
  readonly life: Life;
  readonly person: Person;
  readonly checkoutId: string;
  readonly registrationId: string;
  readonly methodId: string;
  readonly billingKey: string;
  readonly offer: Offer;
};

type Offer = Awaited<ReturnType<typeof readOffers>>[number];

/** Lets them all in at once, in the order given, and answers who they are. */
export async function admitCrowd(
  world: YearWorld,
  wanted: readonly { readonly nth: number; readonly life: Life }[],
): Promise<readonly Person[]> {
  const { deps } = world;
  const crowd = await gather(world, wanted);
  const chargeIds = await inTransaction(deps, JOB, async (work) => {
    await writeDown(work, deps.vault, crowd);
    await beginTrials(work, crowd);
    return beginPaying(work, crowd);
  });
  await collectCharges(deps, chargeIds);
  // Declined, they press the button again.
  for (const { life, checkoutId } of crowd)
    if (life.card === "declined-once")
      await completeCheckout(deps, checkoutId, { retryCard: true });
  return crowd.map(({ person }) => person);
}

async function gather(
  { deps, toss }: YearWorld,
  wanted: readonly { nth: number; life: Life }[],
): Promise<readonly Member[]> {
  const offers = new Map((await readOffers()).map((offer) => [offer.price.id, offer]));
  const people = wanted.map(({ nth, life }) => {
    const offer = offers.get(life.priceId);
    if (!offer) throw new Error(`${life.priceId} is not sold`);
    const userId = deps.newId("user");
    const person: Person = {
      userId,
      actor: member(userId),
      accountId: deps.newId("account"),
      customerKey: randomUUID(),
    };
    return { nth, life, offer, person };
  });
  const keys = new Map<string, string>();
  for (const scenario of new Set<ScenarioKey>(wanted.map(({ life }) => life.card))) {
    const customerKeys = people
      .filter(({ life }) => life.card === scenario)
      .map(({ person }) => person.customerKey);
    const issued = await toss.issueBillingKeys({ customerKeys, scenario });
    for (const { customerKey, billingKey } of issued) keys.set(customerKey, billingKey);
  }
  return people.map((member) => ({
    ...member,
    checkoutId: deps.newId("checkout"),
    registrationId: deps.newId("registration"),
    methodId: deps.newId("paymentMethod"),
    billingKey: keys.get(member.person.customerKey) ?? "",
  }));
}

function readOffers() {
  return db()
    .select({ price: prices, planName: plans.name, product: plans.product })
    .from(prices)
    .innerJoin(plans, eq(plans.id, prices.planId));
}

async function writeDown(
  work: Work,
  vault: YearWorld["deps"]["vault"],
  crowd: readonly Member[],
): Promise<void> {
  const { tx, now: at } = work;
  await tx.insert(users).values(
    crowd.map(({ nth, person }) => ({
      id: person.userId,
      email: `customer-${nth + 1}@example.com`,
      name: `김구독 ${nth + 1}`,
      createdAt: at,
    })),
  );
  await tx.insert(accounts).values(
    crowd.map(({ person }) => ({
      id: person.accountId,
      customerKey: person.customerKey,
      createdAt: at,
    })),
  );
  await tx.insert(accountMembers).values(
    crowd.map(({ person }) => ({
      accountId: person.accountId,
      userId: person.userId,
      role: "owner" as const,
      createdAt: at,
    })),
  );
  await tx.insert(checkouts).values(
    crowd.map(({ checkoutId, person, offer: { price } }) => ({
      id: checkoutId,
      accountId: person.accountId,
      priceId: price.id,
      status: "open" as const,
      amountWon: price.trialDays > 0 ? parseWon(0) : price.amountWon,
      trialDays: price.trialDays,
      orderId: work.newId("order"),
      agreedAt: at,
      termsVersion: "year",
      createdAt: at,
      expiresAt: new Date(at.getTime() + 86_400_000),
    })),
  );
  await tx.insert(cardRegistrations).values(
    crowd.map(({ registrationId, person, checkoutId }) => ({
      id: registrationId,
      accountId: person.accountId,
      checkoutId,
      status: "issued" as const,
      authKeyHash: sha256(registrationId),
      idempotencyKey: work.newId("idempotencyKey"),
      createdAt: at,
    })),
  );
  await tx.insert(paymentMethods).values(
    crowd.map(({ methodId, person, registrationId, billingKey }) => ({
      id: methodId,
      accountId: person.accountId,
      registrationId,
      provider: "toss",
      billingKeyCiphertext: vault.seal(billingKey, methodId),
      billingKeyFingerprint: vault.fingerprint(billingKey),
      createdAt: at,
    })),
  );
}

async function beginTrials(work: Work, crowd: readonly Member[]): Promise<void> {
  const { tx, now: at } = work;
  const triers = crowd.filter(({ offer }) => offer.price.trialDays > 0);
  if (triers.length === 0) return;
  const begun = triers.map((member) => {
    const firstPaidOn = addDays(seoulDayOf(at), member.offer.price.trialDays);
    const trialing: Trialing = { ...orderOf(work, member, firstPaidOn), status: "trialing" };
    return { member, trialing };
  });
  await insertSubscriptions(
    tx,
    begun.map(({ trialing, member }) => ({
      subscription: trialing,
      priceId: member.offer.price.id,
    })),
    at,
  );
  await markCheckoutsCompleted(
    tx,
    triers.map(({ checkoutId }) => checkoutId),
    at,
  );
  await work.notify(
    ...begun.map(
      ({ member, trialing }): BookedNotice => ({
        userId: member.person.userId,
        about: trialing.id,
        notice: {
          kind: "trial-started",
          planName: member.offer.planName.ko,
          chargeOn: trialing.paidTo,
          amountWon: nextTotalWon(trialing),
          consentFrom: null,
        },
      }),
    ),
  );
}

async function beginPaying(work: Work, crowd: readonly Member[]): Promise<readonly string[]> {
  const { tx, now: at } = work;
  const today = seoulDayOf(at);
  const begun = crowd
    .filter(({ offer }) => offer.price.trialDays === 0)
    .map((member) => ({ member, order: orderOf(work, member, today) }));
  if (begun.length === 0) return [];
  await insertSubscriptions(
    tx,
    begun.map(({ order, member }) => ({ subscription: order, priceId: member.offer.price.id })),
    at,
  );
  const drafts = begun.map(({ member, order }) => {
    const { id: subscriptionId, accountId } = order;
    const { interval } = order.terms;
    const title = periodTitle({ planName: member.offer.planName.ko, interval }, nextPeriod(order));
    const first = orderNextPeriod(withoutWorth(order), NO_CREDIT);
    return draftInvoice(work, { accountId, of: { subscriptionId, order: first }, title });
  });
  const methods = new Map(begun.map(({ order }) => [order.id, order.paymentMethodId]));
  const invoices = await openInvoices(work, drafts);
  const charges = await insertPendingCharges(
    tx,
    invoices.map((invoice) => {
      const paymentMethodId = methods.get(invoice.subscriptionId ?? "") ?? null;
      return draftCharge(work, invoice, { provider: "toss", paymentMethodId, trigger: "customer" });
    }),
  );
  return charges.map((charge) => charge.id);
}

function orderOf(
  { newId }: Work,
  { person, checkoutId, methodId, offer }: Member,
  firstPaidOn: CalendarDate,
): Incomplete {
  const { price, product } = offer;
  const { interval } = price;
  if (interval === null) throw new Error(`${price.id} is no subscription`);
  const { accountId } = person;
  const id = newId("subscription");
  return newOrder(
    { id, accountId, checkoutId, product, paymentMethodId: methodId },
    { ...price, interval },
    firstPaidOn,
  );
}
