/** The laws of money, asked of the database itself: no code of ours stands between these rows and their refusal. */
import { randomUUID } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { accounts, users } from "@/db/schema/account";
import { cardRegistrations, paymentMethods } from "@/db/schema/card";
import { plans, prices } from "@/db/schema/catalogue";
import { charges } from "@/db/schema/charge";
import { checkouts } from "@/db/schema/checkout";
import { invoices } from "@/db/schema/invoice";
import { ledgerEntries } from "@/db/schema/ledger";
import { renewalFindings } from "@/db/schema/renewal";
import {
  subscriptionChanges,
  subscriptionItems,
  subscriptions,
  subscriptionTerms,
} from "@/db/schema/subscription";
import { day, won } from "@/lib/testing/billing";
import { db, transaction } from "./client";
import { insertUser } from "./user";

const now = new Date("2027-01-31T10:00:00+09:00");
const id = () => randomUUID();

type World = Awaited<ReturnType<typeof newWorld>>;
let world: World;
beforeEach(async () => {
  world = await newWorld();
});

/** A customer who subscribed, with an invoice that is open and not charged yet. */
async function newWorld() {
  const [userId, accountId, planId, priceId, checkoutId] = [id(), id(), id(), id(), id()];
  const [subscriptionId, invoiceId] = [id(), id()];
  const email = `${userId}@example.com`;
  const person = { id: userId, email, name: "김구독", passwordHash: null, createdAt: now };
  await transaction((tx) => insertUser(tx, person, { id: accountId, customerKey: id() }));
  const words = { ko: "BASIC", en: "BASIC" };
  const plan = { id: planId, kind: "subscription", product: "workspace", name: words } as const;
  await db()
    .insert(plans)
    .values({
      ...plan,
      description: words,
      features: [],
      entitlements: {},
      active: true,
      position: 0,
    });
  const price = { id: priceId, planId, interval: "month", amountWon: won(9_900) } as const;
  await db()
    .insert(prices)
    .values({ ...price, version: 1, active: true });
  const checkout = { accountId, priceId, status: "open", amountWon: won(9_900) } as const;
  const checkoutRow = { ...checkout, trialDays: 0, createdAt: now, expiresAt: now };
  await db()
    .insert(checkouts)
    .values({ ...checkoutRow, id: checkoutId, orderId: id() });
  const subscription = {
    accountId,
    product: "workspace",
    status: "active",
    termsSeq: 0,
    cycle: 0,
    n: 0,
    paidTo: day("2027-01-31"),
    agreedWon: won(0),
    expects: "charge",
    expectedWon: won(9_900),
    paysTo: day("2027-02-28"),
    createdAt: now,
    updatedAt: now,
  } as const;
  await db()
    .insert(subscriptions)
    .values({ ...subscription, id: subscriptionId, checkoutId });
  const terms = {
    subscriptionId,
    seq: 0,
    startsOn: day("2027-01-31"),
    interval: "month",
    anchorOn: day("2027-01-31"),
    recordedAt: now,
  } as const;
  await db().insert(subscriptionTerms).values(terms);
  const item = {
    subscriptionId,
    seq: 0,
    position: 0,
    kind: "plan",
    key: planId,
    priceId,
    unitWon: won(9_900),
    quantity: 1,
  } as const;
  await db().insert(subscriptionItems).values(item);
  const invoice = {
    accountId,
    checkoutId,
    subscriptionId,
    status: "open",
    title: "BASIC 월간",
    lines: [],
    kind: "period",
    totalWon: won(9_900),
    dueWon: won(9_900),
    cycle: 0,
    n: 0,
    interval: "month",
    periodStartsOn: day("2027-01-31"),
    periodEndsOn: day("2027-02-28"),
    issuedAt: now,
  } as const;
  await db()
    .insert(invoices)
    .values({ ...invoice, id: invoiceId });
  return {
    accountId,
    priceId,
    subscriptionId,
    invoiceId,
    checkoutRow,
    subscription,
    terms,
    item,
    invoice,
  };
}

/** A change that somebody wished for, as it is told. */
async function wish(terms: Partial<typeof subscriptionChanges.$inferInsert> = {}) {
  const changeId = terms.id ?? id();
  await db()
    .insert(subscriptionChanges)
    .values({
      id: changeId,
      subscriptionId: world.subscriptionId,
      kind: "quantity",
      status: "applied",
      requestedAt: now,
      requestedBy: "usr_1",
      takesEffectOn: day("2027-02-10"),
      closedAt: now,
      ...terms,
    });
  return changeId;
}

type NewCharge = typeof charges.$inferInsert;

function charge(terms: Partial<NewCharge> = {}): Promise<unknown> {
  return db()
    .insert(charges)
    .values({
      id: id(),
      invoiceId: world.invoiceId,
      accountId: world.accountId,
      trigger: "customer",
      provider: "toss",
      attemptedOn: day("2027-01-31"),
      orderId: id(),
      idempotencyKey: id(),
      amountWon: won(9_900),
      status: "pending",
      createdAt: now,
      ...terms,
    })
    .then();
}

const approved = (): Partial<NewCharge> => ({
  status: "approved",
  paymentKey: id(),
  suppliedWon: won(9_000),
  vatWon: won(900),
  approvedAt: now,
});
const declined = { status: "declined", declineCode: "REJECT_CARD_PAYMENT" } as const;

async function newCard(accountId: string): Promise<string> {
  const [registrationId, paymentMethodId] = [id(), id()];
  await db().insert(cardRegistrations).values({
    id: registrationId,
    accountId,
    status: "issued",
    idempotencyKey: id(),
    authKeyHash: id(),
    createdAt: now,
  });
  const card = {
    ...{ accountId, registrationId, provider: "toss" },
    ...{ billingKeyFingerprint: id(), createdAt: now },
  };
  await db()
    .insert(paymentMethods)
    .values({ ...card, id: paymentMethodId });
  return paymentMethodId;
}

/** The name of the law that refused, or its words where it has no name; fails when nothing refused. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (fault) {
    const cause: unknown = fault instanceof Error ? fault.cause : null;
    if (!(cause instanceof Error)) throw fault;
    return "constraint_name" in cause && typeof cause.constraint_name === "string"
      ? cause.constraint_name
      : cause.message;
  }
  throw new Error("The database refused nothing");
}

describe("of the attempts to collect one invoice", () => {
  test.each(["pending", "unknown"] as const)(
    "no second one begins while one is %s",
    async (status) => {
      await charge({ status });
      expect(await refusal(charge())).toBe("charges_one_open");
      expect(await refusal(charge({ status: "unknown" }))).toBe("charges_one_open");
    },
  );

  test("the next may begin after a decline", async () => {
    await charge(declined);
    await charge(declined);
    await charge();
  });

  test("only one is ever approved", async () => {
    await charge(approved());
    expect(await refusal(charge(approved()))).toBe("charges_one_approved");
    await charge();
    const pending = and(eq(charges.invoiceId, world.invoiceId), eq(charges.status, "pending"));
    const late = db().update(charges).set(approved()).where(pending);
    expect(await refusal(late.then())).toBe("charges_one_approved");
  });

  test("only one a day is made by itself; a customer may click again", async () => {
    const automatic = { ...declined, trigger: "automatic" } as const;
    await charge(automatic);
    expect(await refusal(charge(automatic))).toBe("charges_one_automatic_a_day");
    await charge({ ...automatic, attemptedOn: day("2027-02-01") });
    await charge(declined);
    await charge(declined);
  });

  test("each has an order id, an idempotency key and a payment key that no other has", async () => {
    const first = { ...approved(), orderId: id(), idempotencyKey: id() };
    await charge(first);
    world = await newWorld();
    const { orderId, idempotencyKey, paymentKey } = first;
    expect(await refusal(charge({ orderId }))).toBe("charges_order_id");
    expect(await refusal(charge({ idempotencyKey }))).toBe("charges_idempotency_key");
    expect(await refusal(charge({ ...approved(), paymentKey }))).toBe("charges_payment_key");
  });

  test.each<[string, Partial<NewCharge>, string]>([
    ["less than a card takes", { amountWon: won(99) }, "charges_amount"],
    ["a negative amount", { amountWon: minus(9_900) }, "charges_amount"],
    ["an approval without a payment key", { ...approved(), paymentKey: null }, "charges_approved"],
    ["an approval without its time", { ...approved(), approvedAt: null }, "charges_approved"],
    ["a split that does not sum up", { ...approved(), vatWon: won(901) }, "charges_approved"],
    [
      "an approval without a split",
      { ...approved(), suppliedWon: null, vatWon: null },
      "charges_approved",
    ],
    ["a decline without a reason", { status: "declined" }, "charges_declined"],
    ["a reason without a decline", { declineCode: "REJECT_CARD_PAYMENT" }, "charges_declined"],
    ["a state nobody knows", JSON.parse('{"status":"maybe"}'), "charges_status"],
  ])("none is %s", async (_, terms, law) => {
    expect(await refusal(charge(terms))).toBe(law);
  });
});

describe("of invoices", () => {
  type Terms = Partial<typeof invoices.$inferInsert>;
  const bill = (terms: Terms) =>
    db()
      .insert(invoices)
      .values({ ...world.invoice, id: id(), ...terms })
      .then();
  const february = {
    ...{ n: 1, periodStartsOn: day("2027-02-28"), periodEndsOn: day("2027-03-31") },
  } as const;
  const none = { cycle: null, n: null, interval: null, periodStartsOn: null, periodEndsOn: null };
  /** Of a wish that nobody made: a law that looks at the row alone refuses it before that is seen. */
  const change = { ...none, kind: "change", changeId: "of-nobody" } as const;
  const once = { ...none, kind: "once", subscriptionId: null } as const;
  const gone = { status: "void", closedAt: now } as const;

  test("there is one for each period of a subscription, void ones aside", async () => {
    expect(await refusal(bill({}))).toBe("invoices_opens");
    // Whatever days it says it is for.
    const { periodStartsOn, periodEndsOn } = february;
    expect(await refusal(bill({ periodStartsOn, periodEndsOn }))).toBe("invoices_opens");
    expect(await refusal(bill({ status: "paid", closedAt: now }))).toBe("invoices_opens");
    expect(await refusal(bill({ status: "uncollectible", closedAt: now }))).toBe("invoices_opens");
    await bill(gone);
    await bill(gone);
    await bill(february);
    expect(await refusal(bill(february))).toBe("invoices_opens");
    // The count begins anew with each cycle.
    await bill({ cycle: 1 });
  });

  test("after a void one its period can be billed again, and once more only", async () => {
    await bill({ ...february, ...gone });
    await bill(february);
    expect(await refusal(bill(february))).toBe("invoices_opens");
    const ofFebruary = and(eq(invoices.subscriptionId, world.subscriptionId), eq(invoices.n, 1));
    const back = db().update(invoices).set({ status: "open", closedAt: null }).where(ofFebruary);
    expect(await refusal(back.then())).toBe("invoices_opens");
  });

  test("a change opens no period, or opens one like any other; of the first kind there may be many", async () => {
    await bill({ ...change, changeId: await wish() });
    await bill({ ...change, changeId: await wish() });
    const opens = { cycle: 1, interval: "year" } as const;
    await bill({ ...opens, kind: "change", changeId: await wish() });
    const again = { ...opens, kind: "change", changeId: await wish() } as const;
    expect(await refusal(bill(again))).toBe("invoices_opens");
    expect(await refusal(bill({ ...opens, kind: "period" }))).toBe("invoices_opens");
  });

  test("there is one for each change, void ones aside, and none of a change that nobody wished for", async () => {
    const changeId = await wish();
    await bill({ ...change, ...gone, changeId });
    await bill({ ...change, changeId });
    expect(await refusal(bill({ ...change, changeId }))).toBe("invoices_one_of_a_change");
    expect(await refusal(bill(change))).toMatch(/_fk$/);
    expect(await refusal(bill({ ...change, changeId: null }))).toBe("invoices_kind");
    expect(await refusal(bill({ ...february, changeId }))).toBe("invoices_kind");
  });

  test("there is one for each thing sold once", async () => {
    const checkoutId = id();
    await db()
      .insert(checkouts)
      .values({ ...world.checkoutRow, id: checkoutId, orderId: id() });
    await bill({ ...once, checkoutId });
    expect(await refusal(bill({ ...once, checkoutId }))).toBe("invoices_one_time");
  });

  test("none is for what somebody else ordered, or for what nobody did", async () => {
    const { accountId } = await newWorld();
    const words = (invoice: string) => `invoice ${invoice} is for nothing its customer ordered`;
    for (const terms of [
      { ...february, accountId },
      { ...february, subscriptionId: id() },
      { ...once, accountId },
    ]) {
      const invoice = id();
      expect(await refusal(bill({ id: invoice, ...terms }))).toBe(words(invoice));
    }
  });

  test.each<[string, Terms]>([
    ["a period of no subscription", { subscriptionId: null }],
    ["a change of no subscription", { ...change, subscriptionId: null }],
    ["a thing sold once to a subscription", { ...none, kind: "once" }],
  ])("none is for %s", async (_, terms) => {
    expect(await refusal(bill({ ...february, ...terms }))).toBe("invoices_owner");
  });

  test("none is for nothing that was ordered", async () => {
    expect(await refusal(bill({ ...once, checkoutId: null }))).toBe("invoices_owner");
  });

  test.each<[string, Terms]>([
    ["more than its lines come to", { dueWon: won(9_901) }],
    ["less than its lines come to", { dueWon: won(9_899) }],
    ["all of it where credit paid a part", { creditUsedGrantedWon: won(900) }],
    ["more than credit left", { creditUsedPaidWon: won(900), dueWon: won(9_001) }],
    ["less than nothing", { creditUsedPaidWon: won(9_901), dueWon: minus(1) }],
    ["what lines below zero come to", { totalWon: minus(9_900), dueWon: minus(9_900) }],
    ["with credit that was taken twice", { creditUsedGrantedWon: minus(1), dueWon: won(9_901) }],
    ["with paid credit below zero", { creditUsedPaidWon: minus(1), dueWon: won(9_901) }],
    ["with less than nothing forgiven", { forgivenWon: minus(1), dueWon: won(9_901) }],
    ["with less than nothing on top", { ...change, topUpWon: minus(1), dueWon: won(9_899) }],
    [
      "with less than no credit granted",
      { totalWon: won(0), dueWon: won(0), creditGrantedWon: minus(1) },
    ],
  ])("none asks %s", async (_, terms) => {
    expect(await refusal(bill({ ...february, ...terms }))).toBe("invoices_due");
  });

  test("what is due is what is left after credit, what is forgiven and what comes on top", async () => {
    const used = { creditUsedGrantedWon: won(4_000), creditUsedPaidWon: won(900) };
    await bill({ ...february, ...used, dueWon: won(5_000) });
    const forgiven = { creditUsedGrantedWon: won(9_850), forgivenWon: won(50), dueWon: won(0) };
    await bill({ ...february, n: 2, ...forgiven });
    await bill({ ...february, n: 3, totalWon: won(0), dueWon: won(0) });
    const small = { totalWon: won(40), topUpWon: won(60), dueWon: won(100) };
    await bill({ ...change, changeId: await wish(), ...small });
    const belowZero = { totalWon: won(0), dueWon: won(0), creditGrantedWon: won(6_707) };
    await bill({ ...change, changeId: await wish(), ...belowZero });
  });

  test.each<[string, Terms]>([
    ["forgives what a change costs", { ...change, forgivenWon: won(50), dueWon: won(9_850) }],
    ["charges a period its minimum", { topUpWon: won(50), dueWon: won(9_950) }],
    ["grants credit and charges", { ...change, creditGrantedWon: won(50) }],
  ])("none %s", async (_, terms) => {
    expect(await refusal(bill({ ...february, ...terms }))).toBe("invoices_small_sums");
  });

  test.each<[string, Terms]>([
    ["a period that it does not count", { n: null }],
    ["a period of no cycle", { cycle: null }],
    ["a period of no interval", { interval: null }],
    ["a period without its first day", { periodStartsOn: null }],
    ["a period without its last day", { periodEndsOn: null }],
    ["a period, and opens none", none],
    ["a change that counts, and has no days", { ...change, n: 7 }],
    [
      "a change that has days, and does not count",
      { ...february, kind: "change", changeId: "of-nobody", n: null },
    ],
    ["a thing sold once that opens a period", { kind: "once", subscriptionId: null }],
  ])("none is for %s", async (_, terms) => {
    expect(await refusal(bill({ ...february, ...terms }))).toBe("invoices_opens_all");
  });

  test("none is for days that end before they begin, or of a kind nobody knows", async () => {
    const backwards = { ...february, periodEndsOn: day("2027-02-28") };
    expect(await refusal(bill(backwards))).toBe("invoices_period_order");
    const strange = JSON.parse('{"kind":"gift"}');
    expect(await refusal(bill({ ...february, ...strange }))).toBe("invoices_kind");
  });

  test("one is closed when, and only when, it says since when", async () => {
    expect(await refusal(bill({ ...february, status: "paid" }))).toBe("invoices_closed");
    expect(await refusal(bill({ ...february, closedAt: now }))).toBe("invoices_closed");
  });
});

describe("of subscriptions", () => {
  const subscribe = async (terms: Partial<typeof subscriptions.$inferInsert> = {}) => {
    const checkoutId = id();
    await db()
      .insert(checkouts)
      .values({ ...world.checkoutRow, id: checkoutId, orderId: id() });
    await db()
      .insert(subscriptions)
      .values({ ...world.subscription, id: id(), checkoutId, ...terms });
  };
  const ended = { status: "ended", endedOn: day("2027-02-28"), endReason: "canceled" } as const;

  const unpaid = { dueOn: day("2027-02-28"), endsUnpaidOn: day("2027-03-14") };

  test.each([
    { status: "incomplete" },
    { status: "trialing" },
    { status: "active" },
    { status: "past-due", ...unpaid },
  ] as const)(
    "an account has one that lives per product, and no second one that is $status",
    async (state) => {
      expect(await refusal(subscribe(state))).toBe("subscriptions_one_live");
      await subscribe({ ...state, product: "another-product" });
    },
  );

  test("any number may be over", async () => {
    await subscribe(ended);
    await subscribe(ended);
  });

  test("one order makes one", async () => {
    const product = "another-product";
    const checkoutId = world.invoice.checkoutId;
    expect(await refusal(subscribe({ product, checkoutId }))).toBe("subscriptions_checkout");
  });

  test.each<[string, Partial<typeof subscriptions.$inferInsert>, string]>([
    ["past due without its days", { status: "past-due" }, "subscriptions_past_due"],
    ["over without a day", { ...ended, endedOn: null }, "subscriptions_ended"],
    ["over without a reason", { ...ended, endReason: null }, "subscriptions_end_reason"],
    ["alive with a reason to be over", { endReason: "unpaid" }, "subscriptions_end_reason"],
    ["alive with a last day", { endedOn: day("2027-02-28") }, "subscriptions_ended"],
    ["paid for less than never", { n: -1 }, "subscriptions_counts"],
    ["in a cycle before the first", { cycle: -1 }, "subscriptions_counts"],
    ["agreed to for less than nothing", { agreedWon: minus(1) }, "subscriptions_agreed"],
    ["expected to give money", { expectedWon: minus(1) }, "subscriptions_expects"],
    ["expected to be charged up to no day", { paysTo: null }, "subscriptions_expects"],
    [
      "expected to end, and to cost",
      { expects: "end", expectedWon: won(9_900), paysTo: null },
      "subscriptions_expects",
    ],
    [
      "expected to end, and paid up to a day",
      { expects: "end", expectedWon: won(0) },
      "subscriptions_expects",
    ],
    [
      "expected to do nothing, and to cost",
      { expects: null, paysTo: null },
      "subscriptions_expects",
    ],
    [
      "expected to do nothing, and paid up to a day",
      { expects: null, expectedWon: won(0) },
      "subscriptions_expects",
    ],
    [
      "expected to do what nobody knows",
      JSON.parse('{"expects":"wait","expectedWon":0,"paysTo":null}'),
      "subscriptions_expects",
    ],
    ["in a state nobody knows", JSON.parse('{"status":"paused-ish"}'), "subscriptions_status"],
  ])("none is %s", async (_, terms, law) => {
    expect(await refusal(subscribe({ product: "another-product", ...terms }))).toBe(law);
  });
});

describe("of the terms of a contract", () => {
  const put = (terms: Partial<typeof subscriptionTerms.$inferInsert>) =>
    db()
      .insert(subscriptionTerms)
      .values({ ...world.terms, seq: 1, ...terms })
      .then();
  const add = (item: Partial<typeof subscriptionItems.$inferInsert>) =>
    db()
      .insert(subscriptionItems)
      .values({ ...world.item, ...item })
      .then();
  const storage = { position: 1, kind: "add-on", key: "storage", priceId: null } as const;

  test("each entry is there once, and of a contract that is there", async () => {
    await put({});
    expect(await refusal(put({}))).toBe("subscription_terms_subscription_id_seq_pk");
    expect(await refusal(put({ subscriptionId: id() }))).toMatch(/_fk$/);
    const strange = JSON.parse('{"seq":2,"interval":"week"}');
    expect(await refusal(put(strange))).toBe("subscription_terms_interval");
  });

  test("each has one plan, and add-ons behind it at prices that may be nobody else's", async () => {
    await add(storage);
    await add({ ...storage, position: 2, key: "seats-of-guests", unitWon: won(0), quantity: 40 });
    expect(await refusal(add({ quantity: 2 }))).toBe(
      "subscription_items_subscription_id_seq_position_pk",
    );
  });

  test.each<[string, Partial<typeof subscriptionItems.$inferInsert>, string]>([
    ["of an entry that is not there", { seq: 1 }, "subscription_items_terms"],
    ["a second plan", { position: 3 }, "subscription_items_kind"],
    ["an add-on in the plan's place", { ...storage, position: 0 }, "subscription_items_kind"],
    [
      "of a kind nobody knows",
      JSON.parse('{"position":3,"kind":"gift"}'),
      "subscription_items_kind",
    ],
    ["cheaper than nothing", { ...storage, unitWon: minus(1) }, "subscription_items_amounts"],
    ["none of it", { ...storage, quantity: 0 }, "subscription_items_amounts"],
    ["fewer than none of it", { ...storage, quantity: -1 }, "subscription_items_amounts"],
    [
      "at a price that was never on sale",
      { ...storage, priceId: "nobodys" },
      "subscription_items_price_id_prices_id_fk",
    ],
  ])("no item is %s", async (_, item, law) => {
    expect(await refusal(add(item))).toBe(law);
  });
});

describe("of the changes somebody wished for", () => {
  const open = { closedAt: null } as const;

  test("one waits for its money, and one end is booked, for each contract", async () => {
    await wish({ ...open, status: "waiting-for-money" });
    expect(await refusal(wish({ ...open, status: "waiting-for-money" }))).toBe(
      "subscription_changes_one_waiting",
    );
    await wish({ ...open, status: "booked", kind: "cancel" });
    expect(await refusal(wish({ ...open, status: "booked", kind: "cancel" }))).toBe(
      "subscription_changes_one_end",
    );
    await wish({ ...open, status: "booked" });
    await wish({ ...open, status: "booked" });
    for (const status of ["applied", "undone", "lapsed"] as const)
      await wish({ status, kind: "cancel" });
    world = await newWorld();
    await wish({ ...open, status: "waiting-for-money" });
    await wish({ ...open, status: "booked", kind: "cancel" });
  });

  test.each<[string, Parameters<typeof wish>[0], string]>([
    ["over, and says not since when", { closedAt: null }, "subscription_changes_closed"],
    ["booked, and says since when it is over", { status: "booked" }, "subscription_changes_closed"],
    [
      "in a state nobody knows",
      JSON.parse('{"status":"maybe","closedAt":null}'),
      "subscription_changes_status",
    ],
    ["of a kind nobody knows", JSON.parse('{"kind":"colour"}'), "subscription_changes_kind"],
    ["of a contract that is not there", { subscriptionId: "of-nobody" }, "_fk"],
  ])("none is %s", async (_, terms, law) => {
    expect(await refusal(wish(terms))).toContain(law);
  });
});

describe("a finding", () => {
  const find = (terms: Partial<typeof renewalFindings.$inferInsert> = {}) =>
    db()
      .insert(renewalFindings)
      .values({
        id: id(),
        subscriptionId: world.subscriptionId,
        foundAt: now,
        expects: "charge",
        expectedWon: won(9_900),
        decides: "end",
        decidedWon: won(0),
        ...terms,
      })
      .then();
  const seen = { resolvedAt: now, resolvedBy: "usr_operator", note: "확인" };

  test("is open once for each contract; any number may be closed", async () => {
    await find(seen);
    await find(seen);
    await find();
    expect(await refusal(find())).toBe("renewal_findings_one_open");
    await db().update(renewalFindings).set(seen);
    await find();
  });

  test("is closed by somebody, and of a contract that is there", async () => {
    expect(await refusal(find({ ...seen, resolvedBy: null }))).toBe("renewal_findings_resolved");
    expect(await refusal(find({ ...seen, resolvedAt: null }))).toBe("renewal_findings_resolved");
    expect(await refusal(find(JSON.parse('{"decides":"wait"}')))).toBe("renewal_findings_decides");
    expect(await refusal(find({ subscriptionId: id() }))).toMatch(/_fk$/);
  });
});

describe("a price", () => {
  const row = () => eq(prices.id, world.priceId);

  test.each([
    ["amount", { amountWon: won(10_900) }],
    ["interval", { interval: "year" as const }],
    ["free days", { trialDays: 14 }],
    ["version", { version: 2 }],
  ])("is never edited: %s", async (_, change) => {
    expect(await refusal(db().update(prices).set(change).where(row()).then())).toBe(
      "a price is never edited: insert the next version",
    );
  });

  test("is retired, and can come back", async () => {
    await db().update(prices).set({ active: false }).where(row());
    await db().update(prices).set({ active: true }).where(row());
  });

  test("is not deleted from under a contract", async () => {
    expect(await refusal(db().delete(prices).where(row()).then())).toMatch(/_fk$/);
  });

  test("is the only one on sale for its interval, and whole won a card can pay", async () => {
    const [current] = await db().select().from(prices).where(row());
    if (!current) throw new Error("No price");
    const sell = (terms: Partial<typeof prices.$inferInsert>) =>
      db()
        .insert(prices)
        .values({ ...current, id: id(), version: 2, active: false, ...terms })
        .then();
    expect(await refusal(sell({ active: true }))).toBe("prices_one_active");
    expect(await refusal(sell({ version: 1 }))).toBe("prices_version");
    for (const amountWon of [won(99), won(0), minus(9_900)]) {
      expect(await refusal(sell({ amountWon }))).toBe("prices_amount");
    }
    expect(await refusal(sell(JSON.parse('{"amountWon":9900.5}')))).toContain("bigint");
    expect(await refusal(sell(JSON.parse('{"interval":"week"}')))).toBe("prices_interval");
  });
});

describe("the ledger", () => {
  const post = (journalId: string, ...amounts: readonly number[]) =>
    db()
      .insert(ledgerEntries)
      .values(
        amounts.map((amountWon) => ({
          journalId,
          account: "receivable" as const,
          amountWon,
          invoiceId: world.invoiceId,
          occurredAt: now,
        })),
      )
      .then();
  const rows = () => eq(ledgerEntries.invoiceId, world.invoiceId);

  test("takes a journal that sums to zero, and several at once", async () => {
    const [first, second] = [id(), id()];
    await post(first, 9_900, -9_900);
    await post(second, 9_900, -9_000, -900);
    expect(await db().select().from(ledgerEntries).where(rows())).toHaveLength(5);
  });

  test.each([
    ["one posting alone", [9_900]],
    ["one won too much", [9_900, -9_899]],
  ])("refuses %s", async (_, amounts) => {
    expect(await refusal(post(id(), ...amounts))).toMatch(/does not sum to zero$/);
    expect(await db().select().from(ledgerEntries).where(rows())).toHaveLength(0);
  });

  test("refuses two journals that only balance together", async () => {
    const entries = [1, -1].map((sign) => ({
      journalId: id(),
      account: "receivable" as const,
      amountWon: sign * 9_900,
      invoiceId: world.invoiceId,
      occurredAt: now,
    }));
    expect(await refusal(db().insert(ledgerEntries).values(entries).then())).toMatch(
      /does not sum to zero$/,
    );
  });

  test("is never changed, shortened or emptied", async () => {
    await post(id(), 9_900, -9_900);
    const words = "ledger_entries is append-only";
    expect(
      await refusal(db().update(ledgerEntries).set({ amountWon: 0 }).where(rows()).then()),
    ).toBe(words);
    expect(await refusal(db().delete(ledgerEntries).where(rows()).then())).toBe(words);
    expect(await refusal(db().execute(sql`truncate ledger_entries`).then())).toBe(words);
    expect(await db().select().from(ledgerEntries).where(rows())).toHaveLength(2);
  });

  test("holds accounts and invoices that exist", async () => {
    const entry = { journalId: id(), amountWon: 0, invoiceId: world.invoiceId, occurredAt: now };
    const strange = JSON.parse('{"account":"pocket"}');
    const put = (row: typeof ledgerEntries.$inferInsert) =>
      db().insert(ledgerEntries).values(row).then();
    expect(await refusal(put({ ...entry, ...strange }))).toBe("ledger_entries_account");
  });

  test("speaks of invoices that are there, and of charges of those invoices", async () => {
    const journal = { journalId: id(), account: "revenue", amountWon: 0, occurredAt: now } as const;
    const put = (row: Omit<typeof ledgerEntries.$inferInsert, keyof typeof journal>) =>
      db()
        .insert(ledgerEntries)
        .values({ ...journal, ...row })
        .then();
    const chargeId = id();
    await charge({ id: chargeId, ...approved() });
    const words = `journal ${journal.journalId} speaks of what is not there`;
    const { invoiceId } = world;
    expect(await refusal(put({ invoiceId: id() }))).toBe(words);
    expect(await refusal(put({ invoiceId, chargeId: id() }))).toBe(words);
    expect(await refusal(put({ invoiceId, chargeId, refundId: id() }))).toBe(words);
    world = await newWorld();
    expect(await refusal(put({ invoiceId: world.invoiceId, chargeId }))).toBe(words);
    await put({ invoiceId, chargeId });
  });
});

describe("a charge", () => {
  const words = (chargeId: string) => `charge ${chargeId} does not fit its invoice or its card`;

  test("asks the account of its invoice for what is due of it", async () => {
    const stranger = await newWorld();
    for (const terms of [
      { invoiceId: id() },
      { invoiceId: stranger.invoiceId },
      { accountId: stranger.accountId },
      { amountWon: won(9_901) },
    ]) {
      const chargeId = id();
      expect(await refusal(charge({ id: chargeId, ...terms }))).toBe(words(chargeId));
    }
  });

  test("asks what credit left of an invoice, and not its total", async () => {
    const invoiceId = id();
    const used = { creditUsedPaidWon: won(4_900), dueWon: won(5_000) };
    await db()
      .insert(invoices)
      .values({ ...world.invoice, id: invoiceId, cycle: 1, ...used });
    const chargeId = id();
    expect(await refusal(charge({ id: chargeId, invoiceId }))).toBe(words(chargeId));
    await charge({ invoiceId, amountWon: won(5_000) });
  });

  test("is made with a card of that account, or with none", async () => {
    const own = await newCard(world.accountId);
    const strange = await newCard((await newWorld()).accountId);
    for (const paymentMethodId of [id(), strange]) {
      const chargeId = id();
      expect(await refusal(charge({ id: chargeId, paymentMethodId }))).toBe(words(chargeId));
    }
    await charge({ ...declined, paymentMethodId: own });
    await charge({ paymentMethodId: null });
    const ofCard = eq(paymentMethods.id, own);
    const stay = "payment_methods are never removed or moved";
    expect(await refusal(db().delete(paymentMethods).where(ofCard).then())).toBe(stay);
    const { accountId } = await newWorld();
    expect(await refusal(db().update(paymentMethods).set({ accountId }).where(ofCard).then())).toBe(
      stay,
    );
  });
});

test("what a contract consisted of is evidence: terms and items are added, and never overwritten", async () => {
  const ofWorld = eq(subscriptionItems.subscriptionId, world.subscriptionId);
  const words = (table: string) => `${table} are never removed or moved`;
  const cheaper = db()
    .update(subscriptionItems)
    .set({ unitWon: won(1) });
  expect(await refusal(cheaper.where(ofWorld).then())).toBe(words("subscription_items"));
  expect(await refusal(db().delete(subscriptionItems).where(ofWorld).then())).toBe(
    words("subscription_items"),
  );
  const ofTerms = eq(subscriptionTerms.subscriptionId, world.subscriptionId);
  const yearly = db().update(subscriptionTerms).set({ interval: "year" });
  expect(await refusal(yearly.where(ofTerms).then())).toBe(words("subscription_terms"));
  expect(await refusal(db().delete(subscriptionTerms).where(ofTerms).then())).toBe(
    words("subscription_terms"),
  );
});

test("invoices and charges are evidence: never deleted, never put in another's place", async () => {
  await charge();
  const ofWorld = eq(invoices.id, world.invoiceId);
  const words = (table: string) => `${table} are never removed or moved`;
  expect(await refusal(db().delete(invoices).where(ofWorld).then())).toBe(words("invoices"));
  expect(await refusal(db().update(invoices).set({ id: id() }).where(ofWorld).then())).toBe(
    words("invoices"),
  );
  const settled: Partial<typeof invoices.$inferInsert> = {
    accountId: id(),
    subscriptionId: id(),
    checkoutId: id(),
    kind: "change",
    lines: [],
    totalWon: won(1),
    creditGrantedWon: won(1),
    creditUsedGrantedWon: won(1),
    creditUsedPaidWon: won(1),
    forgivenWon: won(1),
    topUpWon: won(1),
    dueWon: won(1),
    cycle: 1,
    n: 1,
    interval: "year",
    periodStartsOn: day("2027-02-01"),
    periodEndsOn: day("2027-02-27"),
  };
  for (const [column, value] of Object.entries(settled)) {
    const change = db()
      .update(invoices)
      .set({ [column]: value })
      .where(ofWorld);
    expect([column, await refusal(change.then())]).toEqual([column, words("invoices")]);
  }
  const ofInvoice = eq(charges.invoiceId, world.invoiceId);
  expect(await refusal(db().delete(charges).where(ofInvoice).then())).toBe(words("charges"));
  expect(await refusal(db().update(charges).set({ invoiceId: id() }).where(ofInvoice).then())).toBe(
    words("charges"),
  );
  expect(await refusal(db().execute(sql`truncate refunds cascade`).then())).toBe(words("refunds"));
  const amountWon = won(19_900);
  expect(await refusal(db().update(charges).set({ amountWon }).where(ofInvoice).then())).toBe(
    words("charges"),
  );
  const ofSubscription = eq(subscriptions.id, world.subscriptionId);
  expect(await refusal(db().delete(subscriptions).where(ofSubscription).then())).toBe(
    words("subscriptions"),
  );
});

test("people, accounts and cards are each there once", async () => {
  const userId = id();
  const person = { id: userId, email: `${userId}@example.com`, name: "김구독", createdAt: now };
  await db().insert(users).values(person);
  const again = db()
    .insert(users)
    .values({ ...person, id: id() });
  expect(await refusal(again.then())).toBe("users_email");
  const shouting = db()
    .insert(users)
    .values({ ...person, id: id(), email: "A@example.com" });
  expect(await refusal(shouting.then())).toBe("users_email_lower");

  const registrationId = id();
  const { accountId } = world;
  const registration = {
    accountId,
    status: "issued",
    idempotencyKey: id(),
    createdAt: now,
  } as const;
  const authKeyHash = id();
  await db()
    .insert(cardRegistrations)
    .values({ ...registration, id: registrationId, authKeyHash });
  const replayed = db()
    .insert(cardRegistrations)
    .values({ ...registration, id: id(), authKeyHash });
  expect(await refusal(replayed.then())).toBe("card_registrations_auth_key");

  const card = {
    ...{ accountId, registrationId, provider: "toss" },
    ...{ billingKeyFingerprint: id(), createdAt: now },
  };
  await db()
    .insert(paymentMethods)
    .values({ ...card, id: id() });
  const twin = db()
    .insert(paymentMethods)
    .values({ ...card, id: id() });
  expect(await refusal(twin.then())).toBe("payment_methods_registration");
});

/** An amount that our own types would never make. */
function minus(amount: number): ReturnType<typeof won> {
  return JSON.parse(`-${amount}`);
}
