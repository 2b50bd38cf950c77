/** The order in which a transaction may wait for rows of several tables: docs/decisions/009-locks-are-taken-in-one-order.md. */
const LOCK_ORDER: readonly string[] = [
  "card_registrations",
  "users",
  "accounts",
  "account_members",
  "account_invitations",
  "checkouts",
  "subscriptions",
  "invoices",
  "charges",
  "refunds",
  "credit_holders",
  "payment_methods",
  "reconciliation_findings",
  "webhook_events",
  "call_pacing",
  "charging_stops",
  "invoice_counters",
  "invariant_results",
];

type Statement = { readonly sql: string; readonly params: readonly unknown[] };

/** The tables whose rows a statement waits for; none when it skips what others hold. */
function tablesWaitedFor(statement: string): readonly string[] {
  const lock = /\bfor update(?: of ((?:"\w+"(?:, )?)+))?( skip locked)?/.exec(statement);
  if (!lock || lock[2]) return [];
  const named = lock[1] ?? /\bfrom ("\w+")/.exec(statement)?.[1] ?? "";
  return [...named.matchAll(/"(\w+)"/g)].flatMap(([, table]) => table ?? []);
}

/**
 * Watches one transaction: each statement answers which waits come too late, as "table after table". A statement that
 * was sent before finds its rows held already.
 */
export function watchLocks(): (statement: Statement) => readonly string[] {
  const sent = new Set<string>();
  let held: string | null = null;
  return ({ sql, params }) => {
    const key = JSON.stringify([sql, params]);
    if (sent.has(key)) return [];
    sent.add(key);
    return tablesWaitedFor(sql)
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .flatMap((table) => {
        const before = held;
        if (before === null || rankOf(table) >= rankOf(before)) held = table;
        return before !== null && rankOf(table) < rankOf(before)
          ? [`${table} after ${before}`]
          : [];
      });
  };
}

/** A table that is not listed comes before all others, so that whoever waits for one hears of it. */
function rankOf(table: string): number {
  return LOCK_ORDER.indexOf(table);
}
