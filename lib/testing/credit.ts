/** Orders that are paid with credit, for tests. */
import { lockCredits } from "@/db/credit";
import { ensureInvoices } from "@/db/invoice";
import { appendJournals } from "@/db/ledger";
import { type Credit, type Due, dueOf } from "@/lib/billing/invoice/due";
import { amountsOf } from "@/lib/billing/invoice/invoice";
import { invoiceOpened } from "@/lib/billing/ledger/ledger";
import { parseWon } from "@/lib/billing/money";
import { createCheckout } from "@/lib/operations/checkout/create";
import { grantCredit } from "@/lib/operations/credit/grant";
import { draftInvoice } from "@/lib/operations/invoice/open";
import { COMMAND, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { won } from "./billing";
import type { Person } from "./story";

export type OrderToPay = {
  readonly accountId: string;
  readonly checkoutId: string;
  readonly sumWon: number;
};

/** An order of a thing sold once, for which no invoice is written yet. */
export async function newOrderToPay(
  deps: ClockAndIds,
  person: Person,
  sumWon: number,
): Promise<OrderToPay> {
  const { accountId, actor } = person;
  const created = await createCheckout(deps, { accountId, actor, priceId: "onboarding-once-v1" });
  if (!created.ok) throw new Error(`No checkout: ${created.refusal.code}`);
  return { accountId, checkoutId: created.value.checkoutId, sumWon };
}

export type OpenedOrder = { readonly invoiceId: string; readonly due: Due };

/** Writes an order's invoice, paid from the credit that its account has: locked and read, or as believed. */
export async function openWithCredit(
  work: Work,
  { accountId, checkoutId, sumWon }: OrderToPay,
  believed?: Credit,
): Promise<OpenedOrder> {
  const { tx, now } = work;
  const nothing = { grantedWon: parseWon(0), paidWon: parseWon(0) };
  const credit = believed ?? (await lockCredits(tx, [accountId])).get(accountId) ?? nothing;
  const due = dueOf("once", sumWon, { credit, minimumWon: won(100) });
  const line = {
    kind: "once",
    key: "training",
    won: sumWon,
    unitWon: won(sumWon),
    quantity: 1,
  } as const;
  const draft = draftInvoice(work, { accountId, of: { checkoutId, line }, title: "도입 교육" });
  await ensureInvoices(tx, [{ ...draft, ...amountsOf(due) }]);
  const invoiceId = draft.id;
  const postings = invoiceOpened(due);
  const journal = { journalId: work.newId("journal"), invoiceId, chargeId: null, accountId };
  await appendJournals(tx, [{ ...journal, postings }], now);
  return { invoiceId, due };
}

/** An operator's gift. */
export async function giveCredit(
  deps: ClockAndIds,
  { accountId }: Pick<Person, "accountId">,
  amountWon: number,
): Promise<void> {
  const request = { requestId: deps.newId("creditGrant"), reason: "사과의 뜻" };
  const who = { actor: COMMAND, grantedBy: "root@server" };
  const granted = await grantCredit(deps, { accountId, amountWon, ...request, ...who });
  if (!granted.ok) throw new Error(`No credit: ${granted.refusal.code}`);
}
