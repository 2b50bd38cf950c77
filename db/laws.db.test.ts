/** Each law: a busy world keeps it, and a row that breaks it is found by its id. */

import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { numberInvoices } from "@/lib/operations/invoice/number";
import { recordInvariants } from "@/lib/operations/ledger/record-invariants";
import { refundCharge } from "@/lib/operations/refund/send";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { inTransaction, JOB, operator } from "@/lib/operations/work";
import { listAudit } from "@/lib/testing/audit";
import { won } from "@/lib/testing/billing";
import { giveCredit, newOrderToPay, openWithCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { db, type Tx, transaction } from "./client";
import { describeLaw, findViolations, listInvariants, listLaws } from "./laws";
import { creditGrants } from "./schema/credit";

const EPOCH = new Date(0);

let story: Story;
let payer: Person;
/** The ids of one payment, of its refund, of a contract that ended, and of a gift to who paid. */
let ids: Record<
  "subscription" | "invoice" | "charge" | "refund" | "method" | "ended" | "grant",
  string
> &
  /** Invoices of credit: paid with it, open, and given up. */
  Record<"used" | "reserved" | "released", string>;

/** People pay, leave, fall short, are refunded and given credit. */
async function openBusyWorld(): Promise<void> {
  story = await startStory("2027-01-10");
  payer = await story.person();
  const leaver = await story.person();
  const short = await story.person();
  const gifted = await story.person();
  for (const person of [payer, leaver, gifted]) await story.subscribe(person, "basic-month-v1");
  await story.subscribe(short, "basic-month-v1");
  await story.subscribe(await story.person(), "basic-month-v1", "stopped-card");
  await story.toss.control.addFault({
    kind: "decline",
    code: "REJECT_CARD_PAYMENT",
    match: { operation: "charge", customerKey: short.customerKey },
    times: 100,
  });
  const leaving = await story.subscriptionOf(leaver);
  await cancelSubscription(story.deps, { ...leaver, subscriptionId: leaving.id });
  for (const person of [short, gifted]) await giveCredit(story.deps, person, 3_000);
  for (const on of ["2027-01-12", "2027-02-10", "2027-02-11", "2027-02-13", "2027-02-15"]) {
    story.at(on);
    await story.work();
  }
  const [charge] = await story.chargesOf(payer);
  const order = { chargeId: charge?.id ?? "", amountWon: won(3_300), reason: "중도해지" };
  await refundCharge(story.deps, { ...order, requestId: "r1", actor: operator("usr_operator") });
  for (const on of ["2027-02-20", "2027-02-24"]) {
    story.at(on);
    await story.work();
  }
  await numberInvoices();
  await giveCredit(story.deps, payer, 5_000);
  const [grant] = await db()
    .select()
    .from(creditGrants)
    .where(eq(creditGrants.accountId, payer.accountId));
  await giveCredit(story.deps, gifted, 700);
  const toPay = await newOrderToPay(story.deps, gifted, 1_000);
  const open = await inTransaction(story.deps, JOB, (work) => openWithCredit(work, toPay));
  const [, used] = await story.invoicesOf(gifted);
  const [, released] = await story.invoicesOf(short);
  const [refund] = await story.refundsOf(payer);
  ids = {
    subscription: (await story.subscriptionOf(payer)).id,
    invoice: charge?.invoiceId ?? "",
    charge: charge?.id ?? "",
    refund: refund?.id ?? "",
    method: charge?.paymentMethodId ?? "",
    ended: leaving.id,
    grant: grant?.id ?? "",
    used: used?.id ?? "",
    reserved: open.invoiceId,
    released: released?.id ?? "",
  };
}

class Undone extends Error {}

/** What the law finds after `spoil`, which is then undone. */
async function foundAfter(law: string, spoil: (tx: Tx) => Promise<unknown>, since = EPOCH) {
  let found: readonly string[] = [];
  const spoiled = transaction(async (tx) => {
    await spoil(tx);
    found = (await findViolations(tx, law, { now: story.now(), since })).sample;
    throw new Undone();
  });
  await expect(spoiled).rejects.toThrow(Undone);
  return found;
}

const run = (text: string) => (tx: Tx) => tx.execute(sql.raw(text));
const bare = "alter table ledger_entries disable trigger user;";
const unguarded =
  "alter table invoices disable trigger user; alter table subscription_items disable trigger user;";
const copied = (columns: string, values: string, terms = "") =>
  `insert into charges (${columns}, id, order_id, idempotency_key, payment_key, invoice_id, account_id, trigger,
     provider, attempted_on, amount_won, supplied_won, vat_won, approved_at, created_at, closed_at, decline_code, decline_class)
   select ${values}, 'chg_copy', 'ord_copy', 'key_copy', 'pay_copy', invoice_id, account_id, 'customer',
     provider, attempted_on, amount_won, supplied_won, vat_won, approved_at, created_at, closed_at, null, null
   from charges where id = '${ids.charge}' ${terms}`;

const credited = (rows: string) =>
  `${bare} insert into ledger_entries (journal_id, account, amount_won, invoice_id, account_id, occurred_at)
   select x.*, '2027-02-24T10:00:00+09:00' from (values ${rows}) as x`;

/** How each law is broken, past the constraints that stand before it, and what must then be found. */
const BROKEN: Readonly<Record<string, () => readonly [spoil: string, found: string]>> = {
  "every-account-has-an-owner": () => [
    `update account_members set role = 'billing'
     where account_id = (select account_id from subscriptions where id = '${ids.subscription}')`,
    "",
  ],
  "every-period-has-an-invoice": () => [
    `update subscriptions set n = n + 1 where id = '${ids.subscription}'`,
    ids.subscription,
  ],
  "every-subscription-has-terms": () => [
    `update subscriptions set terms_seq = terms_seq + 1 where id = '${ids.subscription}'`,
    ids.subscription,
  ],
  "every-invoice-adds-up": () => [
    `${unguarded} update invoices set lines = jsonb_set(lines, '{0,won}', '9899') where id = '${ids.invoice}'`,
    ids.invoice,
  ],
  "every-live-subscription-has-something-booked": () => [
    `update subscriptions set next_action_at = null where id = '${ids.subscription}'`,
    ids.subscription,
  ],
  "every-paid-invoice-has-an-approved-charge": () => [
    `update charges set status = 'declined', decline_code = 'X', refunded_won = 0 where id = '${ids.charge}'`,
    ids.invoice,
  ],
  "every-approved-charge-paid-an-invoice": () => [
    `update invoices set status = 'void', number = null where id = '${ids.invoice}'`,
    ids.charge,
  ],
  "every-approved-charge-is-in-the-ledger": () => [
    `${bare} delete from ledger_entries where charge_id = '${ids.charge}' and refund_id is null`,
    ids.charge,
  ],
  "every-refund-is-in-the-ledger": () => [
    `${bare} delete from ledger_entries where refund_id = '${ids.refund}'`,
    ids.refund,
  ],
  "every-claim-is-in-the-ledger": () => [
    `${bare} insert into ledger_entries (journal_id, account, amount_won, invoice_id, occurred_at)
     select 'jnl_again', account, amount_won, invoice_id, occurred_at from ledger_entries
     where invoice_id = '${ids.invoice}' and charge_id is null`,
    ids.invoice,
  ],
  "refunds-never-exceed-the-charge": () => [
    `update refunds set amount_won = 9901, supplied_won = 9901 - vat_won where id = '${ids.refund}'`,
    ids.charge,
  ],
  "one-open-charge-per-invoice": () => [
    `drop index charges_one_open;
     update charges set status = 'unknown', refunded_won = 0 where id = '${ids.charge}';
     ${copied("status", "'unknown'")}`,
    ids.invoice,
  ],
  "one-approved-charge-per-invoice": () => [
    `drop index charges_one_approved; ${copied("status", "'approved'")}`,
    "chg_copy",
  ],
  "no-period-is-paid-after-the-end": () => [
    `update subscriptions set ended_on = paid_to - 31 where id = '${ids.ended}'`,
    "",
  ],
  "nothing-is-overdue-for-the-sweep": () => [
    `update subscriptions set next_action_at = '2027-02-24T09:44:00+09:00' where id = '${ids.subscription}'`,
    ids.subscription,
  ],
  "no-lease-outlives-its-limit": () => [
    `update refunds set status = 'unknown', closed_at = null, called_at = now(),
       settle_at = '2027-02-24T09:44:00+09:00' where id = '${ids.refund}'`,
    ids.refund,
  ],
  "no-key-is-stored-in-plain-text": () => [
    `update payment_methods set billing_key_ciphertext = 'Zx8kExampleExampleExampleExampleExample0001='
     where id = '${ids.method}'`,
    ids.method,
  ],
  "ledger-sums-to-zero": () => [
    `${bare} insert into ledger_entries (journal_id, account, amount_won, invoice_id, occurred_at)
     values ('jnl_torn', 'revenue', -1, '${ids.invoice}', '2027-02-24T10:00:00+09:00')`,
    "ledger",
  ],
  "every-journal-sums-to-zero": () => [
    `${bare} insert into ledger_entries (journal_id, account, amount_won, invoice_id, occurred_at)
     values ('jnl_a', 'revenue', -1, '${ids.invoice}', '2027-02-24T10:00:00+09:00'),
            ('jnl_b', 'revenue', 1, '${ids.invoice}', '2027-02-24T10:00:00+09:00')`,
    "jnl_a",
  ],
  "no-credit-below-zero": () => [
    credited(`('${ids.grant}', 'credit-granted', 5001, null, '${payer.accountId}'),
      ('${ids.grant}', 'promotion', -5001, null, null)`),
    payer.accountId,
  ],
  "every-credit-entry-names-its-payer": () => [
    credited(`('jnl_other', 'credit-paid', -11, '${ids.invoice}', 'acc_of_nobody')`),
    "jnl_other",
  ],
  "every-grant-is-in-the-ledger": () => [
    `${bare} delete from ledger_entries where journal_id = '${ids.grant}'`,
    ids.grant,
  ],
  "paid-credit-takes-its-vat-along": () => [
    credited(`('jnl_vat', 'credit-paid', -1100, '${ids.invoice}', '${payer.accountId}'),
      ('jnl_vat', 'vat-of-credit', 99, '${ids.invoice}', null)`),
    "jnl_vat",
  ],
  "every-invoice-moves-the-credit-it-says": () => [
    `${unguarded} update invoices set credit_used_granted_won = 2999, due_won = due_won + 1
     where id = '${ids.used}'`,
    ids.used,
  ],
  "every-paid-invoice-gets-a-number": () => [
    `update invoices set number = null where id = '${ids.invoice}'`,
    ids.invoice,
  ],
  "invoice-numbers-have-no-gap": () => [
    `update invoices set number = null where id = '${ids.invoice}'`,
    "2027",
  ],
};

/** Checks one law, and says how it stands now. */
async function checkLaw(law: string) {
  const { broken, left } = await recordInvariants(story.deps, [law]);
  expect(left).toEqual([]);
  const row = (await listInvariants()).find(({ name }) => name === law);
  expect(broken).toEqual(row?.ok ? [] : [law]);
  return { ok: row?.ok, count: row?.count };
}

test("each law can be broken, says what it means, and is tried here", () => {
  expect(new Set(Object.keys(BROKEN))).toEqual(new Set(listLaws()));
  for (const law of listLaws()) expect(describeLaw(law)).toMatch(/^[A-Z].*\.$/);
});

describe("one busy world for all, since each row that breaks a law is taken back", () => {
  beforeAll(openBusyWorld);
  afterAll(() => story.close());

  test.each(Object.keys(BROKEN))("%s: a row that breaks it is found", async (law) => {
    const [spoil, expected] = BROKEN[law]?.() ?? ["", ""];
    const found = await foundAfter(law, run(spoil));
    if (expected) expect(found).toContain(expected);
    else expect(found).toHaveLength(1);
  });

  test("the split of a payment and of a refund is held against the ledger as well", async () => {
    const shift = (of: string, account: string) =>
      run(`${bare} update ledger_entries set amount_won = amount_won + case account when 'vat-payable' then 1 else -1 end
        where ${of} and account in ('${account}', 'vat-payable')`);
    const [paid, back] = [
      `charge_id = '${ids.charge}' and refund_id is null`,
      `refund_id = '${ids.refund}'`,
    ];
    expect(
      await foundAfter("every-approved-charge-is-in-the-ledger", shift(paid, "revenue")),
    ).toContain(ids.charge);
    expect(await foundAfter("every-refund-is-in-the-ledger", shift(back, "refunds"))).toContain(
      ids.refund,
    );
  });

  test.each<[string, string, () => string, () => string]>([
    [
      "what is unearned of an open invoice leaves out what credit pays",
      "every-claim-is-in-the-ledger",
      () => `${bare} delete from ledger_entries
        where invoice_id = '${ids.reserved}' and account in ('unearned', 'credit-granted');
        ${credited(`('jnl_short', 'unearned', -300, '${ids.reserved}', null)`)}`,
      () => ids.reserved,
    ],
    [
      "credit of an open invoice is not reserved",
      "every-invoice-moves-the-credit-it-says",
      () => `${bare} delete from ledger_entries where invoice_id = '${ids.reserved}'`,
      () => ids.reserved,
    ],
    [
      "credit of an invoice that was given up is not released",
      "every-invoice-moves-the-credit-it-says",
      () => `${bare} delete from ledger_entries
        where invoice_id = '${ids.released}' and account = 'credit-granted' and amount_won < 0`,
      () => ids.released,
    ],
    [
      "credit of a paid invoice is released",
      "every-invoice-moves-the-credit-it-says",
      () => credited(`('jnl_back', 'credit-granted', -3000, '${ids.used}', '${payer.accountId}')`),
      () => ids.used,
    ],
    [
      "a gift was used, and paid credit is booked",
      "every-invoice-moves-the-credit-it-says",
      () =>
        credited(`('jnl_kind', 'credit-granted', -1, '${ids.used}', '${payer.accountId}'),
          ('jnl_kind', 'credit-paid', 1, '${ids.used}', '${payer.accountId}')`),
      () => ids.used,
    ],
    [
      "what was forgiven is not booked",
      "every-invoice-moves-the-credit-it-says",
      () =>
        `${unguarded} update invoices set forgiven_won = 1, due_won = due_won - 1 where id = '${ids.used}'`,
      () => ids.used,
    ],
    [
      "what was charged on top did not become credit",
      "every-invoice-moves-the-credit-it-says",
      () => `${unguarded} update invoices set status = 'paid', closed_at = issued_at, top_up_won = 1, due_won = due_won + 1
        where id = '${ids.reserved}'`,
      () => ids.reserved,
    ],
    [
      "a period too few was paid",
      "every-period-has-an-invoice",
      () => `update subscriptions set n = n - 1 where id = '${ids.subscription}'`,
      () => ids.subscription,
    ],
    [
      "the periods were paid in another cycle",
      "every-period-has-an-invoice",
      () => `update subscriptions set cycle = cycle + 1 where id = '${ids.subscription}'`,
      () => ids.subscription,
    ],
    [
      "one of the periods was not paid",
      "every-period-has-an-invoice",
      () => `update invoices set status = 'void', number = null where id = '${ids.invoice}'`,
      () => ids.subscription,
    ],
    [
      "the entry in force has no items",
      "every-subscription-has-terms",
      () =>
        `${unguarded} delete from subscription_items where subscription_id = '${ids.subscription}'`,
      () => ids.subscription,
    ],
    [
      "the entry in force has no plan",
      "every-subscription-has-terms",
      () =>
        `${unguarded} update subscription_items set position = 1, kind = 'add-on' where subscription_id = '${ids.ended}'`,
      () => ids.ended,
    ],
    [
      "an invoice has no lines",
      "every-invoice-adds-up",
      () => `${unguarded} update invoices set lines = '[]' where id = '${ids.invoice}'`,
      () => ids.invoice,
    ],
    [
      "a line was lost",
      "every-invoice-adds-up",
      () =>
        `${unguarded} update invoices set lines = lines || '[{"kind":"discount","won":-1}]' where id = '${ids.invoice}'`,
      () => ids.invoice,
    ],
    [
      "lines below zero become less credit than they are",
      "every-invoice-adds-up",
      () =>
        `${unguarded} update invoices set lines = '[{"kind":"unused","won":-200}]', total_won = 0, due_won = 0, credit_granted_won = 199
         where id = '${ids.invoice}'`,
      () => ids.invoice,
    ],
    [
      "less came in than was due",
      "every-paid-invoice-has-an-approved-charge",
      () =>
        `${unguarded} update invoices set total_won = 9901, due_won = 9901 where id = '${ids.invoice}'`,
      () => ids.invoice,
    ],
    [
      "more came in than was due after credit",
      "every-paid-invoice-has-an-approved-charge",
      () =>
        `${unguarded} update invoices set credit_used_paid_won = 900, due_won = 9000 where id = '${ids.invoice}'`,
      () => ids.invoice,
    ],
  ])("%s: found by %s", async (...[, law, spoil, expected]) => {
    expect(await foundAfter(law, run(spoil()))).toContain(expected());
  });

  test("an invoice of which nothing is due is paid without a charge, and adds up", async () => {
    const credited = `${unguarded} update invoices set credit_used_granted_won = 9900, due_won = 0 where id = '${ids.invoice}';
      update charges set status = 'declined', decline_code = 'X', refunded_won = 0 where id = '${ids.charge}'`;
    for (const law of ["every-paid-invoice-has-an-approved-charge", "every-invoice-adds-up"])
      expect([law, await foundAfter(law, run(credited))]).toEqual([law, []]);
    const toCredit = `${unguarded} update invoices set lines = '[{"kind":"unused","won":-200}]', total_won = 0, due_won = 0,
        credit_granted_won = 200 where id = '${ids.invoice}'`;
    expect(await foundAfter("every-invoice-adds-up", run(toCredit))).toEqual([]);
  });

  test("a contract that waits as a finding needs nothing booked; looked at and not booked, it is found", async () => {
    const law = "every-live-subscription-has-something-booked";
    const stop = `update subscriptions set next_action_at = null where id = '${ids.subscription}';`;
    const waits = `${stop} insert into renewal_findings (id, subscription_id, found_at, expects, expected_won, decides, decided_won)
      values ('fnd_1', '${ids.subscription}', now(), 'charge', 9901, 'charge', 9900);`;
    expect(await foundAfter(law, run(waits))).toEqual([]);
    const looked = `${waits} update renewal_findings set resolved_at = now(), resolved_by = 'usr_operator', note = '확인'`;
    expect(await foundAfter(law, run(looked))).toEqual([ids.subscription]);
    const ofAnother = `${stop} insert into renewal_findings (id, subscription_id, found_at, expects, expected_won, decides, decided_won)
      values ('fnd_1', '${ids.ended}', now(), 'charge', 9901, 'charge', 9900);`;
    expect(await foundAfter(law, run(ofAnother))).toEqual([ids.subscription]);
  });

  test("a claim of another sum than what is due is found, whatever the lines come to", async () => {
    const spoil = `${bare} ${unguarded} update invoices set status = 'open', closed_at = null, number = null,
        credit_used_paid_won = 900, due_won = 9000 where id = '${ids.invoice}';
      delete from ledger_entries where invoice_id = '${ids.invoice}' and charge_id is not null`;
    expect(await foundAfter("every-claim-is-in-the-ledger", run(spoil))).toEqual([ids.invoice]);
  });

  test("a claim that was never booked is found while its invoice is still open", async () => {
    const spoil = `${bare} update invoices set status = 'open', closed_at = null, number = null where id = '${ids.invoice}';
      delete from ledger_entries where invoice_id = '${ids.invoice}'`;
    expect(await foundAfter("every-claim-is-in-the-ledger", run(spoil))).toEqual([ids.invoice]);
  });

  test("leases of attempts and registrations are watched as well", async () => {
    const law = "no-lease-outlives-its-limit";
    const open = `update charges set status = 'unknown', refunded_won = 0, settle_at = null where id = '${ids.charge}'`;
    expect(await foundAfter(law, run(open))).toContain(ids.charge);
    const held = `update charges set status = 'pending', refunded_won = 0, settle_at = '2027-02-24T11:00:00+09:00',
      leased_until = '2027-02-24T11:00:01+09:00' where id = '${ids.charge}'`;
    expect(await foundAfter(law, run(held))).toContain(ids.charge);
    const forgotten = "update card_registrations set status = 'pending', next_try_at = null";
    expect((await foundAfter(law, run(forgotten))).length).toBeGreaterThan(0);
  });

  test("what was closed before the window is left to the daily check", async () => {
    const law = "every-paid-invoice-has-an-approved-charge";
    const spoil = `update charges set status = 'declined', decline_code = 'X', refunded_won = 0 where id = '${ids.charge}'`;
    expect(await foundAfter(law, run(spoil), new Date("2027-01-10T11:00:00+09:00"))).toEqual([]);
  });
});

describe("a busy world for each", () => {
  beforeEach(openBusyWorld);
  afterEach(() => story.close());

  test("a world in which people pay, leave, fall short and are refunded keeps every law", async () => {
    for (const law of listLaws())
      expect([law, await checkLaw(law)]).toEqual([law, { ok: true, count: 0 }]);
  });

  test("a broken law is kept with since when, until everything is well again; changes stand in the trail", async () => {
    const law = "every-live-subscription-has-something-booked";
    const book = (at: string | null) =>
      db().execute(
        sql`update subscriptions set next_action_at = ${at}::timestamptz where id = ${ids.subscription}`,
      );
    await book(null);
    const brokenAt = story.now();
    expect(await checkLaw(law)).toEqual({ ok: false, count: 1 });
    story.minutesLater(15);
    await checkLaw(law);
    const [worst] = await listInvariants();
    expect(worst).toMatchObject({ name: law, ok: false, brokenSince: brokenAt });
    expect(worst?.sample).toEqual([ids.subscription]);
    await book("2027-03-10T10:00:00+09:00");
    story.minutesLater(15);
    expect(await checkLaw(law)).toEqual({ ok: true, count: 0 });
    expect((await listInvariants()).find((row) => row.name === law)).toMatchObject({
      ok: true,
      brokenSince: null,
    });
    const trail = (await listAudit(brokenAt, 1_000)).filter((entry) => entry.subjectId === law);
    expect(new Set(trail.map((entry) => entry.action))).toEqual(
      new Set(["invariant.broken", "invariant.healed"]),
    );
    expect(trail).toHaveLength(2);
  });

  test("all laws are checked in one go, and one that cannot be asked holds no other up", async () => {
    const laws = listLaws();
    const { broken, left } = await recordInvariants(story.deps, ["no-such-law", ...laws]);
    expect({ broken, left }).toEqual({ broken: ["no-such-law"], left: [] });
    const checked = (await listInvariants()).filter(
      ({ checkedAt }) => checkedAt.getTime() === story.now().getTime(),
    );
    expect(checked.map(({ name }) => name).toSorted()).toEqual(["no-such-law", ...laws].toSorted());
  });

  test("a law that cannot be asked counts as broken", async () => {
    expect(await checkLaw("no-such-law")).toEqual({ ok: false, count: 0 });
    const results = await listInvariants();
    expect(results.find((row) => row.name === "no-such-law")?.fault).toContain("ENOENT");
  });
});
