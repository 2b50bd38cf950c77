import { setUserLocale } from "@/db/user";
import { inTransaction, member } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";

/** Remembers in which language a person uses the app. */
export async function setLocale(
  deps: ClockAndIds,
  { userId, locale }: { readonly userId: string; readonly locale: "ko" | "en" },
): Promise<void> {
  await inTransaction(deps, member(userId), ({ tx }) => setUserLocale(tx, userId, locale));
}
