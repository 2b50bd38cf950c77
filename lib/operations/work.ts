import { type AuditEntry, writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
import { findMemberRole } from "@/db/member";
import { mayAs, type Right } from "@/lib/billing/account/member";
import type { ClockAndIds } from "@/lib/runtime/deps";
import type { NewId } from "@/lib/runtime/ids";
import { type BookedNotice, bookNotices } from "./message/book";

/** Who acts, as the audit log remembers it. */
export type Actor =
  | { readonly kind: "member" | "operator"; readonly userId: string }
  | { readonly kind: "api-key"; readonly keyId: string }
  /** The provider of a gateway by itself, under its own name. */
  | { readonly kind: "provider"; readonly provider: string }
  /** A job of ours, or whoever may run commands on the server. */
  | { readonly kind: "job" | "command" };

/** What a verb works with inside its transaction. */
export type Work = {
  readonly tx: Tx;
  /** The same instant from the first statement to the last. */
  readonly now: Date;
  readonly newId: NewId;
  readonly actor: Actor;
  /** Whether the actor may do this for an account: members by their role, operators and our own jobs always. */
  readonly may: (accountId: string, right: Right) => Promise<boolean>;
  /** Writes what was done into the audit log; `by` only where somebody else began what is finished here. */
  readonly audit: (
    ...entries: readonly (Omit<AuditEntry, "actor"> & { readonly by?: Actor })[]
  ) => Promise<void>;
  /** Books what people are told of it; it is sent after the commit. */
  readonly notify: (...booked: readonly BookedNotice[]) => Promise<void>;
};

export const JOB: Actor = { kind: "job" };
export const COMMAND: Actor = { kind: "command" };

export function member(userId: string): Actor {
  return { kind: "member", userId };
}

export function operator(userId: string): Actor {
  return { kind: "operator", userId };
}

export function providerActor(provider: string): Actor {
  return { kind: "provider", provider };
}

/** Runs a verb in one transaction: all of it happens, or none. Never call Toss inside. */
export function inTransaction<T>(
  { clock, newId }: ClockAndIds,
  actor: Actor,
  verb: (work: Work) => Promise<T>,
): Promise<T> {
  return transaction((tx) => {
    const now = clock.now();
    return verb({
      tx,
      now,
      newId,
      actor,
      may: async (accountId, right) => {
        if (actor.kind !== "member") return true;
        const role = await findMemberRole(tx, accountId, actor.userId);
        return role !== null && mayAs(role, right);
      },
      audit: (...entries) =>
        writeAudit(
          tx,
          entries.map(({ by = actor, ...entry }) => ({ ...entry, actor: nameOf(by) })),
          now,
        ),
      notify: (...booked) => bookNotices({ tx, now, newId }, booked),
    });
  });
}

/** How the log and the rows name an actor: by the id of a person or key, or by what it is. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case "member":
    case "operator":
      return actor.userId;
    case "api-key":
      return `api-key:${actor.keyId}`;
    case "provider":
      return actor.provider;
    case "job":
      return "system";
    case "command":
      return actor.kind;
  }
}
