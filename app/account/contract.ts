import { notFound } from "next/navigation";
import {
  findSubscription,
  listLatestSubscriptions,
  type StoredSubscription,
} from "@/db/subscription";

/** What a page about one contract is about: that one, none, or several of which none is guessed. */
export type FoundContract =
  | { readonly kind: "one"; readonly stored: StoredSubscription }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly contracts: readonly StoredSubscription[] };

/**
 * The contract that an address names, which must be the account's. Without a name it is the only one that runs, or,
 * where none runs, the one that ran last.
 */
export async function findContract(
  accountId: string,
  wanted: string | readonly string[] | undefined,
): Promise<FoundContract> {
  if (wanted !== undefined) {
    const stored = await findSubscription(accountId, String(wanted));
    return stored ? { kind: "one", stored } : notFound();
  }
  const contracts = await listLatestSubscriptions(accountId);
  const running = contracts.filter(({ subscription }) => subscription.status !== "ended");
  if (running.length > 1) return { kind: "several", contracts: running };
  const [stored] = contracts;
  return stored ? { kind: "one", stored } : { kind: "none" };
}

/** Where something is done to a contract; it is named only where the account has others beside it. */
export function addressOf(path: string, subscriptionId: string, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? `${path}?subscription=${subscriptionId}` : path;
}
