/** Credit in the ledger, asked of the database itself. */
import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { creditGrants, creditHolders } from "@/db/schema/credit";
import { ledgerEntries } from "@/db/schema/ledger";
import { dueOf } from "@/lib/billing/invoice/due";
import { invoicePaid, type LedgerAccount } from "@/lib/billing/ledger/ledger";
import { inTransaction, JOB } from "@/lib/operations/work";
import { won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import { giveCredit, newOrderToPay, openWithCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { db, transaction } from "./client";
import { findCredit, lockCredits } from "./credit";
import { appendJournals } from "./ledger";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory("2027-01-31");
  person = await story.person();
  return story.close;
});

type Entry = Omit<typeof ledgerEntries.$inferInsert, "occurredAt">;

function put(...entries: readonly Entry[]): Promise<unknown> {
  const occurredAt = story.now();
  return db()
    .insert(ledgerEntries)
    .values(entries.map((entry) => ({ ...entry, occurredAt })))
    .then();
}

async function openInvoice(payer: Person): Promise<string> {
  const order = await newOrderToPay(story.deps, payer, 1_000);
  const { invoiceId } = await inTransaction(story.deps, JOB, (work) => openWithCredit(work, order));
  return invoiceId;
}

describe("an entry", () => {
  const journal = (account: LedgerAccount, accountId: string | null, invoiceId: string) => {
    const journalId = randomUUID();
    return [
      { journalId, invoiceId, account, accountId, amountWon: -500 },
      { journalId, invoiceId, account: "revenue" as const, amountWon: 500 },
    ];
  };

  test.each(["credit-paid", "credit-granted"] as const)(
    "of %s names its payer",
    async (account) => {
      const invoiceId = await openInvoice(person);
      await expect(put(...journal(account, null, invoiceId))).rejects.toMatchObject({
        cause: { constraint_name: "ledger_entries_payer" },
      });
      await put(...journal(account, person.accountId, invoiceId));
    },
  );

  test.each(["receivable", "vat-of-credit", "promotion", "forgiven", "penalty"] as const)(
    "of %s names none",
    async (account) => {
      const invoiceId = await openInvoice(person);
      await expect(put(...journal(account, person.accountId, invoiceId))).rejects.toMatchObject({
        cause: { constraint_name: "ledger_entries_payer" },
      });
      await put(...journal(account, null, invoiceId));
    },
  );

  test("names the payer of its invoice, and no other", async () => {
    const invoiceId = await openInvoice(person);
    const stranger = await story.person();
    for (const accountId of [stranger.accountId, "acc_of_nobody"])
      await expect(put(...journal("credit-paid", accountId, invoiceId))).rejects.toMatchObject({
        cause: { message: expect.stringMatching(/moves credit of another account than its own$/) },
      });
  });

  test("of the account that today's list lacks is refused", async () => {
    const invoiceId = await openInvoice(person);
    const account = JSON.parse('"credit"');
    await expect(put(...journal(account, null, invoiceId))).rejects.toMatchObject({
      cause: { constraint_name: "ledger_entries_account" },
    });
  });
});

describe("a journal without an invoice", () => {
  const gift = (journalId: string, accountId: string): readonly Entry[] => [
    { journalId, account: "credit-granted", accountId, amountWon: -500 },
    { journalId, account: "promotion", amountWon: 500 },
  ];

  test("is a grant's, and moves credit of whom it was granted to", async () => {
    const journalId = randomUUID();
    const notThere = `journal ${journalId} speaks of what is not there`;
    await expect(put(...gift(journalId, person.accountId))).rejects.toMatchObject({
      cause: { message: notThere },
    });
    const grant = { accountId: person.accountId, amountWon: won(500), reason: "x", grantedBy: "x" };
    await db()
      .insert(creditGrants)
      .values({ ...grant, id: journalId, requestId: journalId, grantedAt: story.now() });
    const stranger = await story.person();
    await expect(put(...gift(journalId, stranger.accountId))).rejects.toMatchObject({
      cause: { message: `journal ${journalId} moves credit of another account than its own` },
    });
    await put(...gift(journalId, person.accountId));
  });

  test.each([{ chargeId: randomUUID() }, { refundId: randomUUID() }])(
    "speaks of no charge and no refund either",
    async (evidence) => {
      const journalId = randomUUID();
      await expect(
        put({ journalId, account: "revenue", amountWon: 0, ...evidence }),
      ).rejects.toMatchObject({
        cause: { message: `journal ${journalId} speaks of what is not there` },
      });
    },
  );
});

test("credit is refused where a sum would not see what others committed meanwhile", async () => {
  const invoiceId = await openInvoice(person);
  const due = dueOf("change", -500, walletOf());
  const { accountId } = person;
  const postings = invoicePaid({ due, giftLeftWon: won(0) });
  for (const isolationLevel of ["repeatable read", "serializable"] as const) {
    const journal = { journalId: randomUUID(), invoiceId, chargeId: null, accountId, postings };
    await expect(
      db().transaction((tx) => appendJournals(tx, [journal], story.now()), { isolationLevel }),
    ).rejects.toMatchObject({ cause: { message: "credit is moved in READ COMMITTED only" } });
  }
});

test("grants are evidence, and locks stay: neither is ever removed or changed", async () => {
  await giveCredit(story.deps, person, 5_000);
  const ofGrant = eq(creditGrants.accountId, person.accountId);
  const ofHolder = eq(creditHolders.accountId, person.accountId);
  for (const [table, attempt] of [
    ["credit_grants", db().delete(creditGrants).where(ofGrant)],
    [
      "credit_grants",
      db()
        .update(creditGrants)
        .set({ amountWon: won(9) })
        .where(ofGrant),
    ],
    ["credit_grants", db().execute(sql`truncate credit_grants`)],
    ["credit_holders", db().delete(creditHolders).where(ofHolder)],
  ] as const)
    await expect(attempt.then()).rejects.toMatchObject({
      cause: { message: `${table} are never removed or moved` },
    });
  expect(await findCredit(person.accountId)).toEqual(walletOf(5_000).credit);
});

test("of two hundred payers, those are answered who ever had credit, with what they have now", async () => {
  const others = Array.from({ length: 198 }, () => randomUUID());
  const broke = await story.person();
  await giveCredit(story.deps, person, 5_000);
  await giveCredit(story.deps, broke, 1_000);
  await openInvoice(broke);
  const ids = [...others, broke.accountId, person.accountId];
  expect(await transaction((tx) => lockCredits(tx, ids))).toEqual(
    new Map([
      [broke.accountId, walletOf(0).credit],
      [person.accountId, walletOf(5_000).credit],
    ]),
  );
  expect(await transaction((tx) => lockCredits(tx, others))).toEqual(new Map());
  expect(await transaction((tx) => lockCredits(tx, []))).toEqual(new Map());
});
