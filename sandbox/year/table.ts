/** A year by months, as the books have it. */
import type postgres from "postgres";
import { formatDigits } from "@/lib/billing/money";

type Month = {
  readonly month: string;
  readonly new: number;
  readonly renewed: number;
  readonly declined: number;
  readonly recovered: number;
  readonly ended: number;
  readonly revenue: number;
  readonly granted: number;
  readonly used: number;
  readonly left: number;
};

const COLUMNS = [
  ...(["new", "renewed", "declined", "recovered", "ended"] as const),
  ...(["revenue", "granted", "used", "left"] as const),
] as const;
const CREDIT: ReadonlySet<string> = new Set(["granted", "used", "left"]);

/**
 * New: subscriptions and trials begun. Renewed: periods paid after the day of joining, of these recovered: those paid
 * after a decline. Ended: subscriptions that did. Revenue: won paid less won given back, VAT included. Credit: won
 * granted, won used less won that came back from invoices that were not paid, and won left at the end of the month.
 */
export async function tellMonths(sql: postgres.Sql): Promise<readonly string[]> {
  const months = await readMonths(sql);
  const total = Object.fromEntries(
    COLUMNS.map((name) => [name, months.reduce((sum, month) => sum + month[name], 0)]),
  );
  const last = { left: months.at(-1)?.left ?? 0 };
  const header = ["month".padEnd(7), ...COLUMNS.map((name) => name.padStart(widthOf(name)))];
  const rows = [...months, { month: "total", ...total, ...last } as Month].map((row) => [
    row.month.padEnd(7),
    ...COLUMNS.map((name) => formatDigits(row[name]).padStart(widthOf(name))),
  ]);
  return ["", ...[header, ...rows].map((cells) => cells.join("  ")), ""];
}

/** What a report says of the whole. */
export async function readTotals(
  sql: postgres.Sql,
): Promise<{ charges: number; declined: number; ended: number }> {
  const [row] = await sql<{ charges: number; declined: number; ended: number }[]>`
    select (select count(*) from charges where status = 'approved')::int as charges,
      (select count(*) from charges where status = 'declined' and decline_code <> 'WITHDRAWN')::int as declined,
      (select count(*) from subscriptions where status = 'ended' and end_reason <> 'expired')::int as ended`;
  return row ?? { charges: 0, declined: 0, ended: 0 };
}

function readMonths(sql: postgres.Sql): Promise<readonly Month[]> {
  return sql<Month[]>`
    with facts as (
      select to_char(created_at at time zone 'Asia/Seoul', 'YYYY-MM') as month, 'new' as kind, 1 as value
      from subscriptions where status <> 'incomplete' and end_reason is distinct from 'expired'
      union all
      select to_char(i.closed_at at time zone 'Asia/Seoul', 'YYYY-MM'), unnest(
        case when exists (select from charges c where c.invoice_id = i.id and c.status = 'declined')
          then array['renewed', 'recovered'] else array['renewed'] end), 1
      from invoices i join subscriptions s on s.id = i.subscription_id
      where i.status = 'paid' and i.period_starts_on > (s.created_at at time zone 'Asia/Seoul')::date
      union all
      select to_char(closed_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'declined', 1
      from charges where status = 'declined' and decline_code <> 'WITHDRAWN'
      union all
      select to_char(ended_on, 'YYYY-MM'), 'ended', 1
      from subscriptions where status = 'ended' and end_reason <> 'expired'
      union all
      select to_char(approved_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'revenue', amount_won
      from charges where status = 'approved'
      union all
      select to_char(canceled_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'revenue', -amount_won
      from refunds where status = 'done'
      union all
      select to_char(granted_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'granted', amount_won from credit_grants
      union all
      select to_char(issued_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'used',
        credit_used_granted_won + credit_used_paid_won
      from invoices
      union all
      select to_char(closed_at at time zone 'Asia/Seoul', 'YYYY-MM'), 'used',
        -credit_used_granted_won - credit_used_paid_won
      from invoices where status in ('void', 'uncollectible')
    )
    select month,
      coalesce(sum(value) filter (where kind = 'new'), 0)::int as new,
      coalesce(sum(value) filter (where kind = 'renewed'), 0)::int as renewed,
      coalesce(sum(value) filter (where kind = 'declined'), 0)::int as declined,
      coalesce(sum(value) filter (where kind = 'recovered'), 0)::int as recovered,
      coalesce(sum(value) filter (where kind = 'ended'), 0)::int as ended,
      coalesce(sum(value) filter (where kind = 'revenue'), 0)::float8 as revenue,
      coalesce(sum(value) filter (where kind = 'granted'), 0)::float8 as granted,
      coalesce(sum(value) filter (where kind = 'used'), 0)::float8 as used,
      sum(coalesce(sum(value) filter (where kind = 'granted'), 0)
        - coalesce(sum(value) filter (where kind = 'used'), 0)) over (order by month)::float8 as left
    from facts group by month order by month`;
}

function widthOf(name: (typeof COLUMNS)[number]): number {
  if (CREDIT.has(name)) return 12;
  return name === "revenue" ? 14 : 9;
}
