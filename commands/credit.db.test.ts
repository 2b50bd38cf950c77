import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findCredit } from "@/db/credit";
import { findSignedIn, findUserByEmail } from "@/db/user";
import { deps } from "@/deps";
import { signUp } from "@/lib/operations/account/sign-up";
import { runCredit } from "./credit";

const email = "gift@example.com";
const said: string[] = [];

beforeEach(async () => {
  said.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((line) => {
      said.push(String(line));
      return true;
    });
  const password = "seven green windows";
  await signUp(deps(), {
    email,
    name: "김선물",
    password,
    address: null,
    termsVersion: "1",
    locale: "ko" as const,
  });
});
afterEach(() => vi.restoreAllMocks());

async function run(...words: readonly string[]): Promise<number | undefined> {
  return runCredit(words)?.();
}

test("the same command twice on a day grants once, and shows where the credit came from", async () => {
  const user = await findUserByEmail(email);
  const person = await findSignedIn(user?.id ?? "");
  const accountId = person?.accountId ?? "";
  for (const who of [email, "Gift@Example.com", accountId])
    expect(await run("grant", who, "5000", "--reason", "사과의 뜻")).toBe(0);
  expect(await findCredit(accountId)).toEqual({ grantedWon: 5_000, paidWon: 0 });
  said.length = 0;
  expect(await run("show", email)).toBe(0);
  expect(said.join("")).toContain("Granted credit ₩5,000, paid credit ₩0");
  expect(said.join("")).toMatch(/granted +5000 +사과의 뜻\n$/);
});

test("what is refused says why, and changes nothing", async () => {
  expect(await run("grant", "acc_of_nobody", "5000", "--reason", "사과의 뜻")).toBe(1);
  expect(said.join("")).toContain("[unknown-account]");
  expect(await run("grant", email, "1000001", "--reason", "사과의 뜻")).toBe(1);
  expect(said.join("")).toContain("[bad-amount]");
});
