import { beforeEach, expect, test } from "vitest";
import { findCredit, listCreditMovements } from "@/db/credit";
import { findBalances } from "@/db/ledger";
import { inTransaction, JOB, operator } from "@/lib/operations/work";
import { listAudit } from "@/lib/testing/audit";
import { newOrderToPay, openWithCredit } from "@/lib/testing/credit";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { type CreditGrantOrder, grantCredit } from "./grant";

let story: Story;
let person: Person;
beforeEach(async () => {
  story = await startStory("2027-01-31");
  person = await story.person();
  return story.close;
});

function order(terms: Partial<CreditGrantOrder> = {}): CreditGrantOrder {
  return {
    accountId: person.accountId,
    amountWon: 5_000,
    reason: "  1월 20일 장애에 대한 사과 ",
    requestId: "r1",
    actor: operator("usr_operator"),
    grantedBy: "usr_operator",
    ...terms,
  };
}

test("an operator's gift stands in the books, in the account's history and in the trail", async () => {
  const before = new Date(story.now().getTime() - 1);
  const granted = await grantCredit(story.deps, order());
  if (!granted.ok) throw new Error(granted.refusal.code);
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 5_000, paidWon: 0 });
  expect(await listCreditMovements(person.accountId)).toEqual([
    {
      at: story.now(),
      kind: "granted",
      amountWon: 5_000,
      invoice: null,
      reason: "1월 20일 장애에 대한 사과",
    },
  ]);
  const balances = await findBalances(story.now());
  expect([balances.get("promotion"), balances.get("credit-granted")]).toEqual([5_000, -5_000]);
  const trail = await listAudit(before, 1_000);
  expect(trail).toMatchObject([
    {
      actor: "usr_operator",
      action: "credit.granted",
      subjectId: person.accountId,
      details: { grantId: granted.value.id, amountWon: 5_000, requestId: "r1", by: "usr_operator" },
    },
  ]);
});

test("the same request grants once: sent again, ten times at once, and after a day", async () => {
  const first = await grantCredit(story.deps, order());
  story.at("2027-02-01");
  const again = await Promise.all(
    Array.from({ length: 10 }, () => grantCredit(story.deps, order())),
  );
  for (const answer of again) expect(answer).toEqual(first);
  const other = await Promise.all(
    Array.from({ length: 10 }, () => grantCredit(story.deps, order({ requestId: "r2" }))),
  );
  expect(new Set(other.map((answer) => answer.ok && answer.value.id)).size).toBe(1);
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 10_000, paidWon: 0 });
  expect(await listCreditMovements(person.accountId)).toHaveLength(2);
});

test("a request that differs from what it granted is refused", async () => {
  await grantCredit(story.deps, order());
  const stranger = await story.person();
  for (const terms of [{ amountWon: 5_001 }, { accountId: stranger.accountId }])
    expect(await grantCredit(story.deps, order(terms))).toEqual({
      ok: false,
      refusal: { code: "request-differs" },
    });
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 5_000, paidWon: 0 });
  expect(await findCredit(stranger.accountId)).toEqual({ grantedWon: 0, paidWon: 0 });
});

test.each([
  [{ amountWon: 0 }, "bad-amount"],
  [{ amountWon: -5_000 }, "bad-amount"],
  [{ amountWon: 1_000_001 }, "bad-amount"],
  [{ amountWon: 0.5 }, "bad-amount"],
  [{ reason: " " }, "bad-reason"],
  [{ accountId: "acc_of_nobody" }, "unknown-account"],
])("%j is refused, and leaves nothing", async (terms, code) => {
  const before = new Date(story.now().getTime() - 1);
  expect(await grantCredit(story.deps, order(terms))).toMatchObject({
    ok: false,
    refusal: { code },
  });
  expect(await listCreditMovements(person.accountId)).toEqual([]);
  expect(await listAudit(before, 1_000)).toEqual([]);
});

test("what is used shows in the history with its invoice, newest first", async () => {
  await grantCredit(story.deps, order());
  const wanted = await newOrderToPay(story.deps, person, 3_000);
  const { invoiceId } = await inTransaction(story.deps, JOB, (work) =>
    openWithCredit(work, wanted),
  );
  expect(await listCreditMovements(person.accountId)).toMatchObject([
    { kind: "granted", amountWon: -3_000, invoice: { id: invoiceId }, reason: null },
    { kind: "granted", amountWon: 5_000, invoice: null },
  ]);
  expect(await listCreditMovements(person.accountId, 1)).toHaveLength(1);
  expect(await findCredit(person.accountId)).toEqual({ grantedWon: 2_000, paidWon: 0 });
});
