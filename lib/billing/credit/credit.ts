/**
 * One account's credit over several contracts. Contracts of different products stand beside each other, and the oldest
 * due invoice is paid from the credit first.
 */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Credit, Due } from "@/lib/billing/invoice/due";
import { dueOf } from "@/lib/billing/invoice/due";
import { parseWon, type Won } from "@/lib/billing/money";

export type OpenInvoice = {
  readonly id: string;
  readonly kind: "period" | "change" | "once";
  readonly dueOn: CalendarDate;
  readonly sumOfLines: number;
  readonly minimumWon: Won;
};

/** What is due of each, oldest first; those of one day in the order they stand. */
export function shareCredit(
  invoices: readonly OpenInvoice[],
  credit: Credit,
): readonly { readonly id: string; readonly due: Due }[] {
  const oldestFirst = invoices.toSorted((a, b) =>
    a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0,
  );
  let left = credit;
  return oldestFirst.map(({ id, kind, sumOfLines, minimumWon }) => {
    const due = dueOf(kind, sumOfLines, { credit: left, minimumWon });
    left = creditLeft(left, due);
    return { id, due };
  });
}

/** What is left once an invoice has taken its part. */
export function creditLeft(credit: Credit, { used }: Due): Credit {
  return {
    grantedWon: parseWon(credit.grantedWon - used.grantedWon),
    paidWon: parseWon(credit.paidWon - used.paidWon),
  };
}

/** A void invoice gives back what was reserved for it. */
export function releaseCredit(credit: Credit, { used }: Due): Credit {
  return {
    grantedWon: parseWon(credit.grantedWon + used.grantedWon),
    paidWon: parseWon(credit.paidWon + used.paidWon),
  };
}

/** Whether an account may begin a contract: one live one for each product. */
export function mayBegin(product: string, live: readonly { readonly product: string }[]): boolean {
  return live.every((held) => held.product !== product);
}
