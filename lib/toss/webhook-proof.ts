/** The two proofs a webhook may carry: a signature (payouts and sellers only), and the secret of a payment. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a signature fits: HMAC-SHA256 over the raw body, a colon and the transmission time, base64, each behind
 * `v1:`; one that fits is enough, since two are sent while the key is changed. Toss does not say whether the key is
 * its text or the bytes that its hex digits name; both are tried.
 */
export function isSignedByToss({
  bytes,
  signature,
  time,
  securityKey,
}: {
  readonly bytes: Uint8Array;
  readonly signature: string;
  readonly time: string;
  readonly securityKey: string;
}): boolean {
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

/** Compares in a time that tells nothing about where two texts differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hashOf(one), hashOf(other));
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
