import { writeAudit } from "@/db/audit";
import { transaction } from "@/db/client";
import { setName } from "@/db/user";
import type { Deps } from "@/lib/runtime/deps";

/** Changes how a person is addressed. */
export async function updateProfile(
  { clock }: Pick<Deps, "clock">,
  { userId, name }: { userId: string; name: string },
): Promise<void> {
  await transaction(async (tx) => {
    await setName(tx, userId, name);
    const entry = { actor: userId, action: "user.renamed", subjectId: userId, details: {} };
    await writeAudit(tx, [entry], clock.now());
  });
}
