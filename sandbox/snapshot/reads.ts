/** What the pages of the app and its jobs ask, of one customer after the other and of all of them together. */
import type postgres from "postgres";
import { findCardFace } from "@/db/card";
import { findRegistration, listWaitingRegistrations } from "@/db/card-registration";
import { findOffer, listOffers } from "@/db/catalogue";
import {
  findLatestChargeOfCard,
  findLatestChargeOfSubscription,
  hasChargesInFlight,
  hasDueCharges,
  nextSettlementAt,
} from "@/db/charge";
import { listStops } from "@/db/charging-stop";
import {
  findCheckout,
  findCheckoutProgress,
  listStalledCheckouts,
  nextCheckoutExpiryAt,
} from "@/db/checkout";
import { transaction } from "@/db/client";
import { listConsentsOf } from "@/db/consent";
import { findDayFigures, findUnexplained } from "@/db/console/figures";
import { listPaymentAttempts } from "@/db/console/payments";
import {
  listChargesToReview,
  listOurFaults,
  listStuckKeys,
  listTroubledRefunds,
} from "@/db/console/tasks";
import { findCredit, listCreditMovements } from "@/db/credit";
import { listHappenings } from "@/db/happening";
import { listPayments } from "@/db/invoice";
import { listInvariants } from "@/db/laws";
import { findBalances } from "@/db/ledger";
import { listMembers, listMemberships } from "@/db/member";
import { listMessages } from "@/db/message";
import {
  listDaysWithFindings,
  listFindingsOfDay,
  listOpenFindings,
  listReconciledDays,
} from "@/db/reconciliation";
import { findRefund, hasDueRefunds } from "@/db/refund";
import { findDueLoad, findForecast } from "@/db/renewal-forecast";
import { findPersonOfSession } from "@/db/session";
import {
  findLatestSubscription,
  findSubscription,
  findSubscriptionOfCheckout,
  listLatestSubscriptions,
  listStartedProducts,
  nextSubscriptionActionAt,
  nextSubscriptionReminderAt,
} from "@/db/subscription";
import { findSignedIn, findUserByEmail, findUserByIdentity, listOperators } from "@/db/user";
import { findWebhook, listWebhooks, listWebhooksToHandle } from "@/db/webhook";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";

/** Answers how much each reader found, by its name. */
export type Found = ReadonlyMap<string, number>;

type Asker = { readonly sql: postgres.Sql; readonly now: Date };

const MANY = 1_000;

export async function readEverything(asker: Asker): Promise<Found> {
  const found = new Map<string, number>();
  const see = (name: string, answer: unknown) =>
    found.set(name, (found.get(name) ?? 0) + countOf(answer));
  await readAccounts(asker, see);
  await readOffice(asker, see);
  await readConsole(asker, see);
  await readQueues(asker, see);
  return found;
}

type See = (name: string, answer: unknown) => void;

async function readAccounts({ sql, now }: Asker, see: See): Promise<void> {
  const accounts = await sql<{ id: string; userId: string }[]>`
    select account_id as id, user_id as "userId" from account_members where role = 'owner' order by account_id`;
  for (const { id, userId } of accounts) {
    see("findSignedIn", await findSignedIn(userId));
    see("listPayments", await listPayments(id));
    const { grantedWon, paidWon } = await findCredit(id);
    see("findCredit", grantedWon + paidWon);
    see("listCreditMovements", await listCreditMovements(id));
    see("listMembers", await listMembers(id));
    see("listMemberships", await listMemberships(userId));
    const contracts = await listLatestSubscriptions(id);
    see("listLatestSubscriptions", contracts);
    see("listStartedProducts", [...(await listStartedProducts(id))]);
    see("nextSubscriptionActionAt", await nextSubscriptionActionAt(now, id));
    const contract = contracts[0]?.subscription;
    if (!contract) continue;
    see("findLatestSubscription", await findLatestSubscription(id, contract.product));
    see("findSubscription", await findSubscription(id, contract.id));
    see("findLatestChargeOfSubscription", await findLatestChargeOfSubscription(contract.id));
    see("listConsentsOf", await listConsentsOf(contract.id));
    const { paymentMethodId } = contract;
    if (paymentMethodId === null) continue;
    see("findCardFace", await findCardFace(id, paymentMethodId));
    see("findLatestChargeOfCard", await findLatestChargeOfCard(id, paymentMethodId));
  }
  const orders = await sql<{ id: string; account: string; priceId: string }[]>`
    select id, account_id as account, price_id as "priceId" from checkouts order by id`;
  for (const { id, account, priceId } of orders) {
    see("findCheckout", await findCheckout(account, id));
    see("findCheckoutProgress", await findCheckoutProgress(account, id));
    see("findSubscriptionOfCheckout", await findSubscriptionOfCheckout(account, id));
    see("findOffer", await findOffer(priceId));
  }
  const cards = await sql<{ id: string; account: string }[]>`
    select id, account_id as account from card_registrations order by id`;
  for (const { id, account } of cards) see("findRegistration", await findRegistration(account, id));
}

async function readOffice({ sql, now }: Asker, see: See): Promise<void> {
  see("listOffers", await listOffers());
  see("listOperators", await listOperators());
  see("findUserByEmail", await findUserByEmail("member@example.com"));
  see("findUserByIdentity", await findUserByIdentity("kakao", "1234567890"));
  const sessions = await sql<{ id: string; startedAt: Date }[]>`
    select id, started_at as "startedAt" from sessions`;
  for (const { id, startedAt } of sessions)
    see(
      "findPersonOfSession",
      await findPersonOfSession(id, { now: startedAt, consoleSince: startedAt }),
    );
  const from = seoulInstant(addDays(seoulDayOf(now), -7), 0);
  see("listHappenings", await listHappenings({ from, to: now }, { sees: "everybody" }));
  see("listMessages", await listMessages(MANY));
}

async function readConsole({ sql, now }: Asker, see: See): Promise<void> {
  const today = seoulDayOf(now);
  see("findDayFigures", await findDayFigures(today));
  see("findUnexplained", await findUnexplained());
  see("listPaymentAttempts", await listPaymentAttempts({ search: null, after: null }, MANY));
  see("listChargesToReview", await listChargesToReview(MANY));
  see("listOurFaults", await listOurFaults(now, MANY));
  see("listTroubledRefunds", await listTroubledRefunds(now, MANY));
  see("listStuckKeys", await listStuckKeys(MANY));
  see("listStops", await listStops(MANY));
  see("listInvariants", await listInvariants());
  see("findBalances", [...(await findBalances(now))]);
  see("listReconciledDays", await listReconciledDays(MANY));
  see("listOpenFindings", await listOpenFindings(MANY));
  for (const day of await listDaysWithFindings(MANY))
    see("listFindingsOfDay", await listFindingsOfDay(day));
  const refunds = await sql<{ id: string }[]>`select id from refunds order by id`;
  for (const { id } of refunds) see("findRefund", await findRefund(id));
  const webhooks = await listWebhooks({ group: null, search: null, after: null }, MANY);
  for (const { id } of webhooks) see("findWebhook", await findWebhook(id));
}

async function readQueues({ now }: Asker, see: See): Promise<void> {
  const long = new Date(now.getTime() + 24 * 60 * 60_000);
  see("findDueLoad", (await transaction((tx) => findDueLoad(tx, long))).count);
  see("findForecast", await transaction((tx) => findForecast(tx, seoulDayOf(now))));
  see("hasDueCharges", await hasDueCharges(long));
  see("hasDueRefunds", await hasDueRefunds(long));
  see("hasChargesInFlight", await hasChargesInFlight(now));
  see("nextSettlementAt", await nextSettlementAt(now));
  see("nextCheckoutExpiryAt", await nextCheckoutExpiryAt(now));
  see("nextSubscriptionReminderAt", await nextSubscriptionReminderAt(now));
  see("listWaitingRegistrations", await listWaitingRegistrations(long, MANY));
  see("listWebhooksToHandle", await listWebhooksToHandle(long, MANY));
  see("listStalledCheckouts", await listStalledCheckouts(long, MANY));
}

function countOf(answer: unknown): number {
  if (Array.isArray(answer)) return answer.length;
  if (typeof answer === "number") return answer;
  return answer === null || answer === undefined || answer === false ? 0 : 1;
}
