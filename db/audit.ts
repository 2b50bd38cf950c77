import { append } from "@/db/bulk";
import type { Tx } from "@/db/client";
import { auditLog } from "@/db/schema/audit";

export type AuditEntry = {
  /** A user id, `system` for jobs, or `command` for whoever may run commands on the server. */
  readonly actor: string;
  readonly action: string;
  readonly subjectId: string;
  /** Ids, states, days and amounts; never keys or cards. */
  readonly details: Readonly<Record<string, unknown>>;
};

export async function writeAudit(tx: Tx, entries: readonly AuditEntry[], at: Date): Promise<void> {
  await append(
    tx,
    auditLog,
    entries.map((entry) => ({ ...entry, at })),
  );
}
