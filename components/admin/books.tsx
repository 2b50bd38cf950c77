import { FactList, Sheet } from "@/components/admin/sheet";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { Table } from "@/components/ui/table";
import { LEDGER_ACCOUNTS, type LedgerAccount } from "@/lib/billing/ledger/ledger";
import { formatWon, type Won } from "@/lib/billing/money";
import type { FindingKind } from "@/lib/billing/reconciliation/reconciliation";

const text = adminText.books;

/** Debits and credits of each account, and their sums, which are the same when the books are right. */
export function BalanceTable({ balances }: { balances: ReadonlyMap<LedgerAccount, number> }) {
  const rows = LEDGER_ACCOUNTS.map((account) => ({
    key: account,
    won: balances.get(account) ?? 0,
  }));
  const debit = rows.reduce((sum, { won }) => sum + Math.max(0, won), 0);
  const credit = rows.reduce((sum, { won }) => sum + Math.max(0, -won), 0);
  return (
    <Table
      caption={text.caption}
      columns={text.sides}
      amountsFrom={1}
      rows={[
        ...rows.map(({ key, won }) => ({
          key,
          cells: [
            <AccountName key="account" account={key} />,
            won > 0 ? formatWon(won) : null,
            won < 0 ? formatWon(-won) : null,
          ],
        })),
        {
          key: "sum",
          cells: [
            <strong key="sum">{text.sum}</strong>,
            <strong key="debit">{formatWon(debit)}</strong>,
            <strong key="credit">{formatWon(credit)}</strong>,
          ],
        },
      ]}
    />
  );
}

function AccountName({ account }: { account: LedgerAccount }) {
  const { name, meaning } = text.accounts[account];
  return (
    <>
      {name}
      <span className="block text-muted text-xs">{meaning}</span>
    </>
  );
}

type Finding = {
  readonly id: string;
  readonly kind: FindingKind;
  readonly unexplainedWon: Won;
  readonly orderId: string;
  readonly note: string | null;
  readonly resolvedAt: Date | null;
};

/** What differed on a day, and what became of it. */
export function DayFindings({ findings }: { findings: readonly Finding[] }) {
  return (
    <Sheet>
      <ul className="divide-y divide-line">
        {findings.map(({ id, kind, unexplainedWon, orderId, note, resolvedAt }) => (
          <li key={id} className="grid gap-2 py-5">
            <h3 className="font-semibold text-base">
              {adminText.findings.kinds[kind]} · {formatWon(unexplainedWon)}
            </h3>
            <FactList
              facts={[
                { label: adminText.charges.order, value: orderId },
                {
                  label: text.resolved,
                  value: resolvedAt ? formatInstant(resolvedAt, "ko") : text.open,
                },
                { label: adminText.findings.note, value: note },
              ]}
            />
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
