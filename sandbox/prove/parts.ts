/** Functions that are parts of an operation and have points of their own, when there is something for them to do. */

const hasRows = (rows: unknown): boolean => Array.isArray(rows) && rows.length > 0;

export type Part = {
  readonly name: string;
  readonly hasWork: (...args: readonly unknown[]) => boolean;
};

export const PARTS: Readonly<Record<string, Part>> = {
  "db/ledger:appendJournals": { name: "credit", hasWork: (_, journals) => movesCredit(journals) },
  "db/subscription-change:insertChange": { name: "change", hasWork: () => true },
  "db/subscription-change:closeBookedChanges": {
    name: "change-closed",
    hasWork: (_, ids) => hasRows(ids),
  },
  "lib/operations/renewal/begin-without-charge:beginWithoutCharge": {
    name: "begin-without-charge",
    hasWork: (_, covered) => hasRows(covered),
  },
  "lib/operations/renewal/report-surprises:reportSurprises": {
    name: "report-surprises",
    hasWork: (_, surprises) => hasRows(surprises),
  },
};

/** Modules outside lib/operations of which functions are parts. */
export const PART_MODULES: readonly string[] = Object.keys(PARTS).map(
  (key) => key.split(":")[0] ?? "",
);

function movesCredit(journals: unknown): boolean {
  const list = journals as readonly { postings: readonly { account: string }[] }[];
  return list.some(({ postings }) => postings.some(({ account }) => account.startsWith("credit-")));
}
