import { beforeAll, describe, expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./passwords";

const password = "비밀번호 maedal1234!";
let hash: string;
beforeAll(async () => {
  hash = await hashPassword(password);
});

describe("a password", () => {
  test("opens its hash, and no other does", async () => {
    expect(await verifyPassword(password, hash)).toBe(true);
    for (const other of ["", `${password} `]) {
      expect(await verifyPassword(other, hash)).toBe(false);
    }
  });

  test("is the same however the keyboard composes its syllables", async () => {
    expect(password.normalize("NFD")).not.toBe(password);
    expect(await verifyPassword(password.normalize("NFD"), hash)).toBe(true);
    expect(await verifyPassword(password.replace("1234!", "１２３４！"), hash)).toBe(true);
  });

  test("is salted: the same one is never stored alike, and stands in neither", async () => {
    const again = await hashPassword(password);
    expect(again).not.toBe(hash);
    for (const stored of [hash, again]) {
      expect(stored).toMatch(/^scrypt\$[\w-]{22}\$[\w-]{43}$/);
      expect(stored).not.toContain("maedal");
    }
  });
});

describe("nothing opens", () => {
  test.each([
    ["an account that does not exist", null],
    ["an empty hash", ""],
    ["a hash that is cut short", "scrypt$c2FsdHNhbHRzYWx0c2FsdA$AAAA"],
    ["a hash of another kind", "$2b$10$abcdefghijklmnopqrstuv"],
  ])("%s", async (_, stored) => {
    expect(await verifyPassword(password, stored)).toBe(false);
  });
});

test("an unknown person is answered no faster than the work for a known one takes", async () => {
  const timeOf = async (stored: string | null) => {
    const times: number[] = [];
    for (const wrong of ["wrong", "worse", "worst"]) {
      const startedAt = performance.now();
      await verifyPassword(wrong, stored);
      times.push(performance.now() - startedAt);
    }
    // The quickest: what else the machine does only ever adds.
    return Math.min(...times);
  };
  const known = await timeOf(hash);
  expect(await timeOf(null)).toBeGreaterThan(known / 10);
});
