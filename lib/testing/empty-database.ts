import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { env } from "@/lib/runtime/env";

/**
 * Brings a test's database back to what the migrations made of it. Triggers and foreign keys are off meanwhile, so rows
 * that are never deleted otherwise go as well, in any order. Far quicker than TRUNCATE while tables are small.
 */
export async function emptyDatabase(): Promise<void> {
  const { pathname } = new URL(env().DATABASE_URL);
  if (!pathname.startsWith("/maedal_test_")) throw new Error(`${pathname} is no test's database`);
  await db().execute(sql`
    do $$
    declare
      name text;
    begin
      set local session_replication_role = replica;
      for name in select tablename from pg_tables where schemaname = 'public' loop
        execute format('delete from %I', name);
      end loop;
      insert into call_pacing (id, next_call_at, unknowns_in_a_row) values (1, 'epoch', 0);
    end $$`);
}
