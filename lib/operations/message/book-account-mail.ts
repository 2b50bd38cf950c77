import { insertMessages } from "@/db/message";
import type { Work } from "@/lib/operations/work";

type AccountMail = {
  readonly kind: "password-reset" | "password-changed" | "already-signed-up" | "invitation";
  readonly subject: string;
  readonly lines: readonly string[];
  /** A second mail about the same thing is left out; by default each is a thing of its own. */
  readonly about?: string;
} & (
  | { readonly userId: string; readonly email?: undefined }
  /** Of somebody who may not have signed up. */
  | { readonly email: string; readonly userId?: undefined }
);

/**
 * Books a mail about somebody's account; returns its id. It never names the person: whoever signed up with the address
 * may have written there what they liked.
 */
export async function bookAccountMail(
  work: Work,
  { kind, userId, email, subject, lines, about }: AccountMail,
): Promise<string> {
  const { tx, now, newId } = work;
  const id = newId("message");
  const dedupeKey = `${kind}:${about ?? id}`;
  const body = lines.join("\n");
  const at = { createdAt: now, sendAt: now };
  const recipient = { userId: userId ?? null, email: email ?? null };
  await insertMessages(tx, [{ id, ...recipient, kind, dedupeKey, subject, body, ...at }]);
  return id;
}
