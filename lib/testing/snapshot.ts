/** A database as an earlier version left it, from the files in `db/snapshots`, brought to today's schema. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import type { Deps } from "@/lib/runtime/deps";
import { createIds } from "@/lib/runtime/ids";
import { createVault } from "@/lib/runtime/secrets";
import { createTossClient } from "@/lib/toss/client";
import { startTossEmulator } from "@/packages/toss-twin/emulator";
import type { YearWorld } from "@/sandbox/year/world";

const SNAPSHOTS = join(process.cwd(), "db", "snapshots");
const MIGRATIONS = join(process.cwd(), "db", "migrations");
const SUFFIX = ".copy";

/** The secret key of the merchant the emulator always knows. */
const SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

/** How many rows each table has, and how much each column of won comes to, by `table` and `table.column`. */
type Sums = ReadonlyMap<string, string>;

/** Each is named after the last migration that its version has. */
export function listSnapshots(): readonly string[] {
  return readdirSync(SNAPSHOTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function readSnapshot(version: string) {
  const read = (name: string) => readFileSync(join(SNAPSHOTS, version, name));
  const { takenAt, secrets }: { takenAt: string; secrets: string } = JSON.parse(
    read("world.json").toString(),
  );
  return {
    takenAt: new Date(takenAt),
    secrets,
    toss: JSON.parse(gunzipSync(read("toss.json.gz")).toString()) as unknown,
    statements: read("queries.sql").toString().split("\n;\n").slice(0, -1),
  };
}

/** The world of a snapshot from the instant it was taken, with a clock that stands still until it is moved. */
export async function startSnapshotWorld(version: string, sql: postgres.Sql): Promise<YearWorld> {
  const { takenAt, secrets, toss: exported } = readSnapshot(version);
  let now = takenAt;
  const clock = { now: () => now };
  const toss = await startTossEmulator({ port: 0, clock: clock.now });
  await toss.control.importState(exported);
  const deps: Deps = {
    clock,
    newId: createIds(clock),
    gateway: createTossClient({
      secretKey: SECRET_KEY,
      baseUrl: toss.url,
      onCall: () => undefined,
    }),
    vault: createVault(secrets),
    pace: { callsPerSecond: 10_000, callsInFlight: 1_000 },
    wait: async () => undefined,
    hint: async () => undefined,
  };
  return {
    deps,
    sql,
    toss: toss.control,
    tossPort: Number(new URL(toss.url).port),
    now: clock.now,
    moveTo(instant) {
      if (instant > now) now = instant;
    },
    stop: toss.close,
  };
}

/**
 * Loads a snapshot into the empty database at `url` and runs the migrations after it; answers the sums on the way, and
 * the faults of the snapshot's statements once all migrations up to `expandedAt` are applied: those only add, and what
 * processes of its version do beside today's is done there by `meanwhile`.
 */
export async function moveSnapshot(
  { version, expandedAt }: { readonly version: string; readonly expandedAt: string },
  url: string,
  meanwhile: (old: postgres.Sql) => Promise<void>,
): Promise<{
  readonly loaded: Sums;
  readonly migrated: Sums;
  readonly faults: readonly string[];
}> {
  await migrateUpTo(version, url);
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await loadTables(sql, join(SNAPSHOTS, version));
    const loaded = await sumUp(sql);
    await migrateUpTo(expandedAt, url);
    const faults = await planStatements(sql, readSnapshot(version));
    await meanwhile(sql);
    await migrateDatabase(url);
    return { loaded, migrated: await sumUp(sql), faults };
  } finally {
    await sql.end();
  }
}

/** Has every statement planned, none run; answers the faults. */
async function planStatements(
  sql: postgres.Sql,
  { takenAt, statements }: Pick<ReturnType<typeof readSnapshot>, "takenAt" | "statements">,
): Promise<readonly string[]> {
  await sql`
    select set_config('maedal.now', ${takenAt.toISOString()}, false),
      set_config('maedal.since', ${new Date(0).toISOString()}, false)`;
  const faults: string[] = [];
  for (const statement of statements)
    await sql
      .unsafe(`explain (generic_plan) ${statement}`)
      .catch((fault: Error) => faults.push(`${fault.message}\n${statement}`));
  return faults;
}

/** By a folder of migrations that ends with that one. */
async function migrateUpTo(version: string, url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "maedal-migrations-"));
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    cpSync(MIGRATIONS, folder, { recursive: true });
    const file = join(folder, "meta", "_journal.json");
    const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(file, "utf8"));
    const last = journal.entries.findIndex(({ tag }) => tag.startsWith(`${version}_`));
    if (last < 0) throw new Error(`No migration begins with ${version}`);
    const entries = journal.entries.slice(0, last + 1);
    writeFileSync(file, JSON.stringify({ ...journal, entries }));
    await migrate(drizzle(sql), { migrationsFolder: folder });
  } finally {
    await sql.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In one transaction without triggers, which would ask of each row how it came to be; the laws are asked afterwards. */
async function loadTables(sql: postgres.Sql, folder: string): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(SUFFIX))) {
      const table = file.slice(0, -SUFFIX.length);
      const [columns = [], ...rows] = parseCopy(readFileSync(join(folder, file), "utf8"));
      // A migration may have left a row.
      await tx`delete from ${tx(table)}`;
      await insertRows(tx, table, { columns: columns.map(String), rows });
    }
    // Rows that come later are numbered after these.
    await tx`select setval('audit_log_id_seq', max(id)) from audit_log`;
    await tx`select setval('ledger_entries_id_seq', max(id)) from ledger_entries`;
  });
}

type Cell = string | null;

/** Lines and cells of a file as `copy` writes it. The client library, copying by itself, waits for ever when a row is refused. */
function parseCopy(text: string): readonly (readonly Cell[])[] {
  const escaped: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r" };
  const cellOf = (cell: string) =>
    cell === "\\N"
      ? null
      : cell.replace(/\\(.)/g, (_, letter: string) => escaped[letter] ?? letter);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t").map(cellOf));
}

async function insertRows(
  tx: postgres.TransactionSql,
  table: string,
  {
    columns,
    rows,
  }: { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] },
): Promise<void> {
  const types = await tx<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, atttypmod) as type
    from pg_attribute where attrelid = ${table}::regclass and attnum > 0`;
  const typeOf = new Map(types.map(({ name, type }) => [name, type]));
  const names = columns.map((column) => `"${column}"`).join(", ");
  const cells = columns.map((column) => `"${column}"::${typeOf.get(column)}`).join(", ");
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`).join(", ");
  await tx.unsafe(
    `insert into "${table}" (${names}) select ${cells} from unnest(${arrays}) as cells (${names})`,
    columns.map((_, at) => rows.map((row) => row[at] ?? null)),
  );
}

async function sumUp(sql: postgres.Sql): Promise<Sums> {
  const columns = await sql<{ table: string; column: string }[]>`
    select c.table_name as table, c.column_name as column
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where table_schema = 'public' and t.table_type = 'BASE TABLE'
    order by c.table_name, c.ordinal_position`;
  const sums = new Map<string, string>();
  for (const table of new Set(columns.map((column) => column.table))) {
    const won = columns
      .filter((one) => one.table === table && one.column.endsWith("_won"))
      .map(({ column }) => column);
    const wanted = won.map((column) => `, coalesce(sum("${column}"), 0)::text as "${column}"`);
    const [row] = await sql.unsafe(
      `select count(*)::text as rows${wanted.join("")} from "${table}"`,
    );
    sums.set(table, row?.rows);
    for (const column of won) sums.set(`${table}.${column}`, row?.[column]);
  }
  return sums;
}
