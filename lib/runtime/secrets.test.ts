import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createVault, sha256 } from "./secrets";

const old = `k1:${randomBytes(32).toString("base64")}`;
const young = `k2:${randomBytes(32).toString("base64")}`;
const vault = createVault(old);
const billingKey = "Zx8kExampleExampleExampleExampleExample0001=";

describe("a sealed text", () => {
  test.each([billingKey, "", "한글과 🔑", "a.b.c.d", "x".repeat(10_000)])(
    "opens again: %#",
    (plain) => {
      expect(vault.open(vault.seal(plain, "pm_1"), "pm_1")).toBe(plain);
    },
  );

  test("shows nothing of what it holds, and never looks the same twice", () => {
    const first = vault.seal(billingKey, "pm_1");
    const second = vault.seal(billingKey, "pm_1");
    expect(second).not.toBe(first);
    for (const sealed of [first, second]) {
      expect(sealed).toMatch(/^k1\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
      expect(sealed).not.toContain("Example");
    }
  });

  test("does not open in another row", () => {
    const sealed = vault.seal(billingKey, "pm_1");
    expect(() => vault.open(sealed, "pm_2")).toThrow();
    expect(() => vault.open(sealed, "")).toThrow();
  });

  test("does not open once any part of it was changed", () => {
    const sealed = vault.seal(billingKey, "pm_1");
    const [name = "", nonce = "", tag = "", body = ""] = sealed.split(".");
    const flip = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    for (let at = 0; at < body.length - 1; at += 1) {
      expect(() => vault.open([name, nonce, tag, flip(body, at)].join("."), "pm_1")).toThrow();
    }
    const changed = [
      [name, flip(nonce, 0), tag, body],
      [name, nonce, flip(tag, 0), body],
      [name, nonce, tag, body.slice(0, -4)],
      [name, nonce, tag, ""],
      [name, nonce, "", body],
      [name, "", tag, body],
      [name, tag, nonce, body],
      [name, nonce],
    ];
    for (const parts of changed) expect(() => vault.open(parts.join("."), "pm_1")).toThrow();
  });

  test("does not open with the same name of another key", () => {
    const other = createVault(`k1:${randomBytes(32).toString("base64")}`);
    expect(() => other.open(vault.seal(billingKey, "pm_1"), "pm_1")).toThrow();
  });
});

describe("when the key is changed", () => {
  const rotated = createVault(`${young},${old}`);

  test("old texts open, and new ones are sealed with the new key", () => {
    expect(rotated.open(vault.seal(billingKey, "pm_1"), "pm_1")).toBe(billingKey);
    const sealed = rotated.seal(billingKey, "pm_1");
    expect(sealed.startsWith("k2.")).toBe(true);
    expect(rotated.open(sealed, "pm_1")).toBe(billingKey);
  });

  test("a billing key keeps its fingerprint, so that webhooks still find it", () => {
    expect(rotated.fingerprint(billingKey)).toBe(vault.fingerprint(billingKey));
  });

  test("what was sealed with a key that is gone is named, not opened", () => {
    const withoutOld = createVault(young);
    expect(() => withoutOld.open(vault.seal(billingKey, "pm_1"), "pm_1")).toThrow(
      "No key named k1 in the ring",
    );
  });

  test("a text that names no key of ours is refused", () => {
    expect(() => vault.open("", "pm_1")).toThrow("No key named");
    expect(() => vault.open("not sealed at all", "pm_1")).toThrow("No key named");
  });
});

describe("a fingerprint", () => {
  test("is the same with and without the = at its end, as webhooks drop it", () => {
    const bare = billingKey.replace(/=+$/, "");
    expect(vault.fingerprint(bare)).toBe(vault.fingerprint(billingKey));
    expect(vault.fingerprint(`${bare}==`)).toBe(vault.fingerprint(billingKey));
  });

  test("differs between secrets, and between an = within and none", () => {
    expect(vault.fingerprint("key-1")).not.toBe(vault.fingerprint("key-2"));
    expect(vault.fingerprint("a=b")).not.toBe(vault.fingerprint("ab"));
  });

  test("cannot be computed without the key", () => {
    const other = createVault(young);
    expect(other.fingerprint(billingKey)).not.toBe(vault.fingerprint(billingKey));
    expect(vault.fingerprint(billingKey)).not.toBe(sha256(billingKey));
    expect(vault.fingerprint(billingKey)).not.toContain("Example");
  });
});

test("a token's hash is that of SHA-256", () => {
  // printf abc | sha256sum, as base64url
  expect(sha256("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
});
