/**
 * Billing keys and auth keys at rest: AES-256-GCM under a named key, so that keys can be rotated. New texts are sealed
 * with the first key of the ring; old ones open with the key they name. The context is bound into the seal: a text
 * moved to another row does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

type Ring = readonly { readonly name: string; readonly key: Buffer }[];

export type Vault = {
  seal(plain: string, context: string): string;
  /** Throws when the text was changed, moved, or sealed with a key that is no longer in the ring. */
  open(sealed: string, context: string): string;
  /** A keyed hash: the same secret always gives the same fingerprint, which tells nothing about it. */
  fingerprint(secret: string): string;
};

/** `ring` is `name:base64,name:base64`, newest first. The oldest key also keys the fingerprints, so keep it last. */
export function createVault(ring: string): Vault {
  const keys: Ring = ring.split(",").map((entry) => {
    const at = entry.indexOf(":");
    return { name: entry.slice(0, at), key: Buffer.from(entry.slice(at + 1), "base64") };
  });
  const [newest] = keys;
  const oldest = keys.at(-1);
  if (!newest || !oldest) throw new Error("The key ring is empty");
  return {
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", newest.key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return [newest.name, nonce, cipher.getAuthTag(), body]
        .map((part) => (typeof part === "string" ? part : part.toString("base64url")))
        .join(".");
    },
    open(sealed, context) {
      const [name = "", nonce = "", tag = "", body = ""] = sealed.split(".");
      const found = keys.find((key) => key.name === name);
      if (!found) throw new Error(`No key named ${name} in the ring`);
      const decipher = createDecipheriv("aes-256-gcm", found.key, Buffer.from(nonce, "base64url"), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, "base64url"));
      return Buffer.concat([
        decipher.update(Buffer.from(body, "base64url")),
        decipher.final(),
      ]).toString("utf8");
    },
    fingerprint(secret) {
      return createHmac("sha256", oldest.key).update(secret.replace(/=+$/, "")).digest("base64url");
    },
  };
}

/** A plain hash for tokens that are random and long already. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Compares in a time that tells nothing about where two texts differ. */
export function isSameSecret(one: string, other: string): boolean {
  const bytesOf = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(bytesOf(one), bytesOf(other));
}
