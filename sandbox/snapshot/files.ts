/** The files of a snapshot: one a table as `copy` writes it, the statements of the app, and what Toss holds. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type postgres from "postgres";

export type Snapshot = {
  readonly statements: readonly string[];
  /** What the emulator exports. */
  readonly toss: unknown;
  readonly takenAt: Date;
  /** Opens what is sealed in the rows. */
  readonly secrets: string;
};

/** All tables as of one instant, each in the order of its primary key. */
export async function writeTables(sql: postgres.Sql, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await sql.begin("isolation level repeatable read", async (tx) => {
    for (const { name, key, columns } of await listTables(tx)) {
      const texts = columns.map((column) => `"${column}"::text`).join(", ");
      const rows = await tx.unsafe(`select ${texts} from "${name}" order by ${key}`).values();
      const lines = [columns, ...rows.map((row) => row.map(escapeText))];
      writeFileSync(
        join(folder, `${name}.copy`),
        lines.map((line) => `${line.join("\t")}\n`).join(""),
      );
    }
  });
}

/** As `copy` writes a value. The client library stands still when a table is long and it copies by itself. */
function escapeText(value: string | null): string {
  if (value === null) return "\\N";
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll("\t", "\\t")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}

function listTables(sql: postgres.TransactionSql) {
  return sql<{ name: string; key: string; columns: string[] }[]>`
    select c.relname as name, (
      select array_agg(a.attname::text order by a.attnum)
      from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns, (
      select string_agg(quote_ident(a.attname), ', ' order by k.place)
      from pg_index i
        cross join unnest(i.indkey) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    order by c.relname`;
}

/** A statement ends at a line with nothing but a semicolon. */
export function writeRest(folder: string, { statements, toss, takenAt, secrets }: Snapshot): void {
  const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  write("queries.sql", statements.map((statement) => `${statement}\n;\n`).join(""));
  write("toss.json.gz", gzipSync(JSON.stringify(toss), { level: 9 }));
  write("world.json", `${JSON.stringify({ takenAt, secrets }, null, 2)}\n`);
}
