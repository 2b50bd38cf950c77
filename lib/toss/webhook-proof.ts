/** The proof that a webhook about payouts and sellers carries: a signature. */
import { createHmac } from "node:crypto";
import type { WebhookProof } from "@/lib/gateway/webhook";
import { isSameSecret } from "@/lib/runtime/secrets";

/**
 * Whether a signature fits: HMAC-SHA256 over the raw body, a colon and the transmission time, base64, each behind
 * `v1:`; one that fits is enough, since two are sent while the key is changed. Toss does not say whether the key is
 * its text or the bytes that its hex digits name; both are tried.
 */
export function isSignedByToss({ bytes, signature, time, securityKey }: WebhookProof): boolean {
  const keys = [Buffer.from(securityKey, "utf8")];
  if (/^([0-9a-f]{2})+$/i.test(securityKey)) keys.push(Buffer.from(securityKey, "hex"));
  const expected = keys.map((key) =>
    createHmac("sha256", key).update(bytes).update(`:${time}`).digest("base64"),
  );
  return signature
    .split(",")
    .map((value) => value.trim())
    .some(
      (value) =>
        value.startsWith("v1:") && expected.some((proof) => isSameSecret(value.slice(3), proof)),
    );
}
