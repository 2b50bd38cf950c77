/** Passwords at rest: scrypt with a salt of its own each (OWASP: N=2^17, r=8, p=1). */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { normalizePassword } from "./password-rules";

const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;
const KEY_BYTES = 32;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Takes as long for an unknown person (`null`) as for a known one, so that time tells nobody who has an account. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, salt = "", key = ""] = (hash ?? ABSENT).split("$");
  const expected = Buffer.from(key, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"));
  return actual.length === expected.length && timingSafeEqual(actual, expected) && hash !== null;
}

const ABSENT = `scrypt$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalizePassword(password), salt, KEY_BYTES, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
