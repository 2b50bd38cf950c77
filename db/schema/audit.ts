/** Who did what, with what it was before and after. */

import { bigserial, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** Who did what to which thing, written in the transaction that did it. */
export const auditLog = pgTable("audit_log", {
  id: bigserial("id", { mode: "number" }).primaryKey(),
  at: instant("at").notNull(),
  /** A user id, `system` for jobs, or `command` for whoever may run commands on the server. */
  actor: text("actor").notNull(),
  action: text("action").notNull(),
  subjectId: text("subject_id").notNull(),
  details: jsonb("details").$type<Record<string, unknown>>().notNull(),
});
