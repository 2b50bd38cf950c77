import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { invoiceCounters, invoices } from "@/db/schema/invoice";
import type { Tx } from "./client";

/** When the oldest paid invoice without a number was paid; null when all have one. */
export async function findOldestUnnumbered(tx: Tx): Promise<Date | null> {
  const [row] = await tx
    .select({ closedAt: invoices.closedAt })
    .from(invoices)
    .where(and(eq(invoices.status, "paid"), isNull(invoices.number)))
    .orderBy(asc(invoices.closedAt), asc(invoices.id))
    .limit(1);
  return row?.closedAt ?? null;
}

/**
 * Gives the next numbers of a year to up to `limit` invoices paid in `[from, to)`, in the order they were paid, and
 * returns how many. Whoever numbers a year holds its counter, and the counter moves with the numbers or not at all:
 * two at once, or one that dies, leave no gap. Nothing the renewal run waits for is held.
 */
export async function numberBatch(
  tx: Tx,
  of: { readonly year: number; readonly from: Date; readonly to: Date },
  limit: number,
): Promise<number> {
  await tx.insert(invoiceCounters).values({ year: of.year, last: 0 }).onConflictDoNothing();
  const [counter] = await tx
    .select()
    .from(invoiceCounters)
    .where(eq(invoiceCounters.year, of.year))
    .for("update");
  if (!counter) throw new Error(`The counter of ${of.year} is missing`);
  const numbered = await tx.execute(sql`
    with next as (
      select id, (${counter.last}::bigint + row_number() over (order by closed_at, id))::text as n
      from invoices
      where status = 'paid' and number is null
        and closed_at >= ${of.from.toISOString()}::timestamptz and closed_at < ${of.to.toISOString()}::timestamptz
      order by closed_at, id
      limit ${limit})
    update invoices i set number = ${`${of.year}-`} || lpad(next.n, greatest(6, length(next.n)), '0')
    from next where i.id = next.id
    returning i.id`);
  await tx
    .update(invoiceCounters)
    .set({ last: counter.last + numbered.length })
    .where(eq(invoiceCounters.year, of.year));
  return numbered.length;
}
