import { setName } from "@/db/user";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** Changes how a person is addressed. */
export async function updateProfile(
  deps: ClockAndIds,
  { userId, name }: { userId: string; name: string },
): Promise<void> {
  await inTransaction(deps, member(userId), async (work) => {
    const { tx } = work;
    await setName(tx, userId, name);
    await work.audit({ action: "user.renamed", subjectId: userId, details: {} });
  });
}
