import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { Tx } from "@/db/client";
import { accountMembers, accounts, users } from "@/db/schema/account";
import { hashPassword } from "@/lib/auth/passwords";
import type { Won } from "@/lib/billing/money";
import { systemClock } from "@/lib/runtime/clock";
import { createIds } from "@/lib/runtime/ids";
import { CATALOGUE } from "./catalogue";
import { syncCatalogue } from "./sync-catalogue";

const SANDBOX_PASSWORD = "maedal1234!";
const SANDBOX_PEOPLE = [
  { email: "customer@maedal.kr", name: "김구독", role: "customer" },
  { email: "operator@maedal.kr", name: "박운영", role: "owner" },
] as const;

/** Brings the catalogue up to date at `url`; in the sandbox also adds the people one can sign in as. Repeatable. */
export async function seedDatabase(
  url: string,
  options: { sandboxPeople: boolean; minimumWon: Won },
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await drizzle(sql).transaction(async (tx) => {
      await syncCatalogue(tx, { offers: CATALOGUE, minimumWon: options.minimumWon });
      if (options.sandboxPeople) await addSandboxPeople(tx);
    });
  } finally {
    await sql.end();
  }
}

async function addSandboxPeople(tx: Tx): Promise<void> {
  const passwordHash = await hashPassword(SANDBOX_PASSWORD);
  const newId = createIds(systemClock);
  const createdAt = systemClock.now();
  for (const person of SANDBOX_PEOPLE) {
    const [user] = await tx
      .insert(users)
      .values({ id: newId("user"), ...person, passwordHash, createdAt })
      .onConflictDoNothing()
      .returning();
    if (!user) continue;
    const accountId = newId("account");
    await tx.insert(accounts).values({ id: accountId, customerKey: randomUUID(), createdAt });
    await tx
      .insert(accountMembers)
      .values({ accountId, userId: user.id, role: "owner", createdAt });
  }
}
