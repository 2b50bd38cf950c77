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
import { makePgArray } from "drizzle-orm/pg-core/utils/array";
import type { Tx } from "@/db/client";

/** `column = any(values)`: one parameter, and so one statement, for any number of values. */
export function anyOf(column: Column, values: readonly string[]): SQL {
  return sql`${column} = any(${arrayOf(values)}::${sql.raw(column.getSQLType())}[])`;
}

/**
 * Inserts rows that all carry the same columns, leaving out those that a unique law refuses, and returns the rows that
 * went in. The rows need an `id` of their own.
 */
export async function insertNew<
  T extends PgTable,
  R extends InferInsertModel<T> & { readonly id: string },
>(tx: Tx, table: T, rows: readonly R[]): Promise<readonly R[]> {
  if (rows.length === 0) return [];
  const inserted = await tx.execute<{ id: string }>(
    sql`${insertOf(table, rows)} on conflict do nothing returning id`,
  );
  const ids = new Set(inserted.map((row) => row.id));
  return rows.filter((row) => ids.has(row.id));
}

/** Appends rows that all carry the same columns. */
export async function append<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly InferInsertModel<T>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(insertOf(table, rows));
}

/**
 * Rows to read from or join with: `x(id, status, …)`, with the names and types that the properties of the first row
 * have as columns of `table`. One array a column, which PostgreSQL takes in with half the work of JSON.
 */
export function rowsOf<T extends PgTable>(
  table: T,
  rows: readonly Partial<InferInsertModel<T>>[],
): SQL {
  const columns = columnsOf(table, rows);
  const arrays = columns.map(([property, column]) => {
    const type = column.getSQLType();
    const values = rows.map((row: Readonly<Record<string, unknown>>) => row[property] ?? null);
    const array = type === "jsonb" ? jsonArrayOf(values) : arrayOf(values);
    return sql`${array}::${sql.raw(type)}[]`;
  });
  return sql`unnest(${sql.join(arrays, sql`, `)}) as x(${namesOf(columns)})`;
}

/** PostgreSQL writes arrays as JSON does, in other brackets, where nothing needs a backslash; JSON is quickly written. */
function arrayOf(values: readonly unknown[]): string {
  const json = JSON.stringify(values);
  return json.includes("\\") ? makePgArray([...values]) : `{${json.slice(1, -1)}}`;
}

/** In JSON that holds JSON, quotes and backslashes are all there is to escape, and PostgreSQL escapes them alike. */
function jsonArrayOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (value === null ? null : JSON.stringify(value)));
  return `{${JSON.stringify(texts).slice(1, -1)}}`;
}

function insertOf<T extends PgTable>(table: T, rows: readonly InferInsertModel<T>[]): SQL {
  const names = namesOf(columnsOf(table, rows));
  const into = sql.identifier(getTableName(table));
  return sql`insert into ${into} (${names}) select ${names} from ${rowsOf(table, rows)}`;
}

function columnsOf(table: PgTable, [first = {}]: readonly object[]): readonly [string, Column][] {
  return Object.entries(getTableColumns(table)).filter(([property]) => property in first);
}

function namesOf(columns: readonly [string, Column][]): SQL {
  return sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
}
