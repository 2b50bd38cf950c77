import { append } from "@/db/bulk";
import type { Tx } from "@/db/client";
import { ledgerEntries } from "@/db/schema";
import type { Posting } from "@/lib/billing/ledger";

export type Journal = {
  readonly journalId: string;
  readonly invoiceId: string;
  readonly chargeId: string | null;
  readonly postings: readonly Posting[];
};

/** Appends journals; the database refuses one that does not sum to zero. */
export async function appendJournals(
  tx: Tx,
  journals: readonly Journal[],
  occurredAt: Date,
): Promise<void> {
  await append(
    tx,
    ledgerEntries,
    journals.flatMap(({ postings, ...journal }) =>
      postings.map((posting) => ({ ...journal, ...posting, occurredAt })),
    ),
  );
}
