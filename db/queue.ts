/**
 * Rows that wait until they are due, for one worker at a time: charges and refunds to settle, billing keys to delete,
 * messages to send, card registrations to resume, webhooks to handle. Taking a row books it again in the same
 * statement, so when a worker dies another goes on.
 *
 * Registrations and webhooks are also taken as soon as they come in. Their jobs therefore only list what is due, each
 * in its own order, and take row by row. Webhooks share no more than that: the time of the next look depends on the
 * tries, and nobody leases a webhook, because looking twice changes nothing twice.
 */
import {
  and,
  asc,
  eq,
  getTableColumns,
  type InferSelectModel,
  inArray,
  isNotNull,
  isNull,
  lte,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Lease } from "@/lib/billing/lease";
import { db, type Tx } from "./client";

type ColumnOf<T extends PgTable> = keyof T["_"]["columns"] & string;

/** Rows of `table` and the time at which something is to be done about each. */
export type Booked<T extends PgTable = PgTable> = {
  readonly table: T;
  readonly dueAt: ColumnOf<T>;
  /** Which rows wait; left out where a row that is over has no time any more. */
  readonly waits?: SQL | undefined;
  /**
   * The end of the lease, for queues in which a row may become due while a worker still owns it. Elsewhere the due time
   * is the lease: a row that was taken is not due until the lease is over.
   */
  readonly leasedUntil?: ColumnOf<T>;
};

export type Queue<T extends PgTable = PgTable> = Booked<T> & {
  readonly tries: ColumnOf<T>;
};

/**
 * Takes up to `limit` due rows, those that have waited longest, and counts the try. Rows that another worker holds are
 * left to it.
 */
export async function takeDue<T extends PgTable>(
  tx: Tx,
  queue: Queue<T>,
  { limit, where, ...lease }: Lease & { readonly limit: number; readonly where?: SQL },
): Promise<readonly InferSelectModel<T>[]> {
  const id = column(queue.table, "id");
  const due = tx
    .select({ id })
    .from<PgTable>(queue.table)
    .where(and(isDue(queue, lease.now), where))
    .orderBy(asc(column(queue.table, queue.dueAt)), asc(id))
    .limit(limit)
    .for("update", { skipLocked: true });
  return take(tx, queue, { ...lease, where: inArray(id, due), isTry: true });
}

/**
 * Takes one row; null when it does not wait or another worker has it. In a queue with a column for leases, a row that
 * nobody owns is taken even before its time.
 */
export async function takeOne<T extends PgTable>(
  tx: Tx,
  queue: Queue<T>,
  one: Lease & {
    readonly id: string;
    readonly where?: SQL;
    /** False for a look out of turn: the backoff counts only the looks of the queue itself. */
    readonly isTry: boolean;
  },
): Promise<InferSelectModel<T> | null> {
  const isFree = isUnleased(queue, one.now) ?? hasCome(queue, one.now);
  const isIt = eq(column(queue.table, "id"), one.id);
  const where = and(isIt, queue.waits, one.where, isFree);
  const [row] = await take(tx, queue, { ...one, where });
  return row ?? null;
}

/** The rows whose time has come and that no worker owns. */
export function isDue(queue: Queue, now: Date): SQL | undefined {
  return and(queue.waits, hasCome(queue, now), isUnleased(queue, now));
}

/** Whether the time of any row has come, be it owned or not. */
export async function isAnyDue(booked: Booked, now: Date): Promise<boolean> {
  const [row] = await db()
    .select({ id: column(booked.table, "id") })
    .from(booked.table)
    .where(and(booked.waits, hasCome(booked, now)))
    .limit(1);
  return row !== undefined;
}

/** When the next row after `after` is due; the movable clock stops there. */
export async function nextDueAt(booked: Booked, after: Date): Promise<Date | null> {
  const dueAt = column(booked.table, booked.dueAt);
  const at = booked.leasedUntil
    ? sql`greatest(${dueAt}, ${column(booked.table, booked.leasedUntil)})`
    : dueAt;
  const [row] = await db()
    .select({ at: sql<string | null>`min(${at})` })
    .from(booked.table)
    .where(and(booked.waits, isNotNull(dueAt), sql`${at} > ${after.toISOString()}`));
  return row?.at ? new Date(row.at) : null;
}

function hasCome({ table, dueAt }: Booked, now: Date): SQL {
  return lte(column(table, dueAt), now);
}

/** Undefined for a queue without a column for leases. */
function isUnleased(queue: Queue, now: Date): SQL | undefined {
  if (queue.leasedUntil === undefined) return undefined;
  const leasedUntil = column(queue.table, queue.leasedUntil);
  return or(isNull(leasedUntil), lte(leasedUntil, now));
}

async function take<T extends PgTable>(
  tx: Tx,
  { table, dueAt, tries, leasedUntil }: Queue<T>,
  taking: Pick<Lease, "leasedUntil"> & { readonly where: SQL | undefined; readonly isTry: boolean },
): Promise<readonly InferSelectModel<T>[]> {
  const rows = await tx
    .update<PgTable>(table)
    .set({
      [dueAt]: taking.leasedUntil,
      ...(leasedUntil && { [leasedUntil]: taking.leasedUntil }),
      ...(taking.isTry && { [tries]: sql`${column(table, tries)} + 1` }),
    })
    .where(taking.where)
    .returning();
  // Drizzle answers every column of the table it is given, which is T.
  return rows as InferSelectModel<T>[];
}

function column(table: PgTable, name: string): PgColumn {
  const found = getTableColumns(table)[name];
  if (!found) throw new Error(`No column ${name}`);
  return found;
}
