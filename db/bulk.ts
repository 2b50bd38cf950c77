/** Many rows in one statement whose text never changes: PostgreSQL plans it once, and no parameter limit is met. */
import {
  type Column,
  getTableColumns,
  getTableName,
  type InferInsertModel,
  type SQL,
  sql,
} from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Tx } from "@/db/client";

/** `column = any(ids)`: one parameter for any number of ids. */
export function anyOf(column: Column, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...ids])}::text[])`;
}

/**
 * Inserts rows that all carry the same columns, leaving out those that a unique law refuses, and returns the rows that
 * went in. The rows need an `id` of their own.
 */
export async function insertNew<
  T extends PgTable,
  R extends InferInsertModel<T> & { readonly id: string },
>(tx: Tx, table: T, rows: readonly R[]): Promise<readonly R[]> {
  const inserted = await execute(tx, table, rows, sql`on conflict do nothing returning id`);
  const ids = new Set(inserted.map((row) => row.id));
  return rows.filter((row) => ids.has(row.id));
}

/** Appends rows that all carry the same columns. */
export async function append<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly InferInsertModel<T>[],
): Promise<void> {
  await execute(tx, table, rows, sql``);
}

async function execute<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly InferInsertModel<T>[],
  ending: SQL,
): Promise<readonly { id: string }[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.entries(getTableColumns(table)).filter(([property]) => property in first);
  // A plain loop: this runs for every row the billing run writes.
  const json = rows.map((row: Readonly<Record<string, unknown>>) => {
    const named: Record<string, unknown> = {};
    for (const [property, column] of columns) named[column.name] = row[property];
    return named;
  });
  const names = sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const name = sql.identifier(getTableName(table));
  return tx.execute<{ id: string }>(
    sql`insert into ${name} (${names}) select ${names} from jsonb_populate_recordset(null::${name}, ${JSON.stringify(json)}::jsonb) ${ending}`,
  );
}
