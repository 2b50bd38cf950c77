import { sql } from "drizzle-orm";
import { db } from "@/db/client";

/** Throws when the database does not answer. */
export async function pingDatabase(): Promise<void> {
  await db().execute(sql`select 1`);
}
