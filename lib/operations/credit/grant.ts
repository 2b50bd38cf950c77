import { hasAccount } from "@/db/account";
import { type CreditGrant, findCreditGrant, insertCreditGrant } from "@/db/credit";
import { appendJournals } from "@/db/ledger";
import { type GrantRefusal, whyNoGrant } from "@/lib/billing/credit/grant";
import { creditGranted } from "@/lib/billing/ledger/ledger";
import { parseWon } from "@/lib/billing/money";
import { type Actor, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

export type GrantCreditRefusal =
  | GrantRefusal
  | { readonly code: "unknown-account" }
  /** The request id was used for another grant. */
  | { readonly code: "request-differs" };

export type CreditGrantOrder = {
  readonly accountId: string;
  readonly amountWon: number;
  readonly reason: string;
  /** Made once for each intent to grant: the same request sent twice grants once. */
  readonly requestId: string;
  readonly actor: Actor;
  /** Who decided it: a user's id, or the name of who runs a command. */
  readonly grantedBy: string;
};

/** Gives an account credit. A repeated request answers the grant as it was made the first time. */
export async function grantCredit(
  deps: ClockAndIds,
  { actor, ...order }: CreditGrantOrder,
): Promise<Result<CreditGrant, GrantCreditRefusal>> {
  const refusal = whyNoGrant(order.amountWon, order.reason);
  if (refusal) return refuse(refusal);
  return inTransaction(deps, actor, async (work) => {
    const { tx, now } = work;
    const { accountId } = order;
    const amountWon = parseWon(order.amountWon);
    const reason = order.reason.trim();
    if (!(await hasAccount(tx, accountId))) return refuse({ code: "unknown-account" });
    const id = work.newId("creditGrant");
    const grant: CreditGrant = { ...order, id, amountWon, reason, grantedAt: now };
    // Waits for a transaction that is granting the same request, and then sees its row.
    if (!(await insertCreditGrant(tx, grant))) {
      const known = await findCreditGrant(tx, order.requestId);
      const isSame = known?.accountId === accountId && known.amountWon === amountWon;
      return known && isSame ? ok(known) : refuse({ code: "request-differs" });
    }
    const postings = creditGranted(amountWon);
    const journal = { journalId: id, invoiceId: null, chargeId: null, accountId, postings };
    await appendJournals(tx, [journal], now);
    const { requestId, grantedBy: by } = order;
    const details = { grantId: id, amountWon, reason, requestId, by };
    await work.audit({ action: "credit.granted", subjectId: accountId, details });
    return ok(grant);
  });
}
