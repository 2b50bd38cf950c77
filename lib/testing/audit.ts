import { desc, gte } from "drizzle-orm";
import { db } from "@/db/client";
import { auditLog } from "@/db/schema/audit";

/** What happened from `since` on, newest first. */
export async function listAudit(
  since: Date,
  limit: number,
): Promise<readonly (typeof auditLog.$inferSelect)[]> {
  return db()
    .select()
    .from(auditLog)
    .where(gte(auditLog.at, since))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(limit);
}
