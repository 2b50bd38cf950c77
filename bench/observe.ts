/** Where the time of a run goes: statements as PostgreSQL counts them, and processor time as the kernel does. */
import { readdirSync, readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { closeDb, db } from "@/db/client";

export type Statement = {
  readonly text: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly rows: number;
};

export type Observation = {
  readonly seconds: number;
  readonly peakRssMb: number;
  /** Processor time of this process. */
  readonly ownCpuMs: number;
  /** Processor time of the processes asked for, by name; null where the system does not tell. */
  readonly cpuMs: Readonly<Record<string, number | null>>;
  readonly databaseMs: number;
  /** The costliest first. */
  readonly statements: readonly Statement[];
  /** Tables that were read from end to end, with the rows read so. */
  readonly scans: ReadonlyMap<string, number>;
};

/** Tables that grow with customers or with time; none may be read from end to end. */
export const GROWING = [
  "users",
  "accounts",
  "account_members",
  "checkouts",
  "payment_methods",
  "subscriptions",
  "invoices",
  "charges",
  "ledger_entries",
  "audit_log",
  "messages",
  "consents",
];

/** Runs `work` and tells what it took. `pids` names further processes, each counted with its children. */
export async function observe(
  pids: Readonly<Record<string, number | null>>,
  work: () => Promise<void>,
): Promise<Observation> {
  await db().execute(sql`create extension if not exists pg_stat_statements`);
  // A backend reports all it has read when its connection ends.
  await closeDb();
  const scansBefore = await readScans();
  await db().execute(sql`select pg_stat_statements_reset()`);
  const cpuBefore = cpuOf(pids);
  const ownBefore = process.cpuUsage();
  let peakRss = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, 50);
  const startedAt = performance.now();
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const own = process.cpuUsage(ownBefore);
  const cpuAfter = cpuOf(pids);
  const statements = await readStatements();
  await closeDb();
  const scansAfter = await readScans();
  return {
    seconds,
    peakRssMb: Math.round(peakRss / 2 ** 20),
    ownCpuMs: (own.user + own.system) / 1000,
    cpuMs: Object.fromEntries(
      Object.keys(pids).map((name) => {
        const [before, after] = [cpuBefore[name], cpuAfter[name]];
        return [name, before == null || after == null ? null : after - before];
      }),
    ),
    databaseMs: statements.reduce((sum, statement) => sum + statement.totalMs, 0),
    statements,
    scans: new Map(
      [...scansAfter]
        .map(([table, rows]) => [table, rows - (scansBefore.get(table) ?? 0)] as const)
        .filter(([, rows]) => rows > 0),
    ),
  };
}

async function readStatements(): Promise<readonly Statement[]> {
  const rows = await db().execute<{ text: string; calls: number; total: number; rows: number }>(sql`
    select regexp_replace(query, '\\s+', ' ', 'g') as text, calls::int, total_exec_time + total_plan_time as total, rows::int
    from pg_stat_statements s join pg_database d on d.oid = s.dbid
    where d.datname = current_database() and toplevel and query not like '%pg_stat_%'
    order by total_exec_time + total_plan_time desc`);
  return rows.map(({ text, calls, total, rows: count }) => ({
    text,
    calls,
    totalMs: total,
    rows: count,
  }));
}

async function readScans(): Promise<ReadonlyMap<string, number>> {
  const rows = await db().execute<{ table: string; read: number }>(
    sql`select relname as table, seq_tup_read::float8 as read from pg_stat_user_tables`,
  );
  return new Map(rows.map((row) => [row.table, row.read]));
}

function cpuOf(pids: Readonly<Record<string, number | null>>): Record<string, number | null> {
  const processes = listProcesses();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [
      name,
      pid === null || processes === null ? null : familyCpuMs(processes, pid),
    ]),
  );
}

type Process = { readonly pid: number; readonly parent: number; readonly cpuMs: number };

function familyCpuMs(processes: readonly Process[], pid: number): number {
  return processes
    .filter((process) => process.pid === pid || process.parent === pid)
    .reduce((sum, process) => sum + process.cpuMs, 0);
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** All processes with their processor time; null where the system has no /proc. */
function listProcesses(): readonly Process[] | null {
  if (process.platform !== "linux") return null;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The name in parentheses may hold anything; the fields behind it are numbers.
        const fields = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) \S /s, "")
          .split(" ");
        const cpuMs = (Number(fields[10]) + Number(fields[11])) * TICK_MS;
        return [{ pid: Number(name), parent: Number(fields[0]), cpuMs }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}
