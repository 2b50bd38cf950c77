import { eq, like } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/db/client";
import { accountMembers, accounts, users } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { rateLimits } from "@/db/schema/rate-limit";
import { findSignedIn, findUserByEmail } from "@/db/user";
import { createIds } from "@/lib/runtime/ids";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";
import { updateProfile } from "./update-profile";

const clock = { now: () => new Date("2026-11-22T03:00:00Z") };
const deps = { clock, newId: createIds(clock) };
const password = "long enough";

function person(email: string, address: string | null = null) {
  return { email, name: "이구독", password, address, termsVersion: "1.0", locale: "ko" as const };
}

it("makes a user and a customer with a key of their own, and notes the terms agreed to", async () => {
  const result = await signUp(deps, person("first@example.com"));
  if (!result.ok) throw new Error(result.refusal.code);
  const signedUp = await findSignedIn(result.value.userId);
  expect(signedUp).toMatchObject({ email: "first@example.com", role: "customer", sessionEpoch: 0 });
  expect(signedUp?.customerKey).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  const audit = await db()
    .select()
    .from(auditLog)
    .where(eq(auditLog.subjectId, result.value.userId));
  expect(audit.map(({ action, details }) => [action, details])).toEqual([
    ["user.signed-up", { termsVersion: "1.0" }],
  ]);
});

it("signs nobody up twice, even at the same moment", async () => {
  const results = await Promise.all([1, 2, 3].map(() => signUp(deps, person("race@example.com"))));
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  const taken = { ok: false, refusal: { code: "email-taken" } };
  expect(results.filter((result) => !result.ok)).toEqual([taken, taken]);
  const rows = await db()
    .select()
    .from(users)
    .innerJoin(accountMembers, eq(accountMembers.userId, users.id))
    .innerJoin(accounts, eq(accounts.id, accountMembers.accountId))
    .where(eq(users.email, "race@example.com"));
  expect(rows).toHaveLength(1);
});

it("knows people by their password, and tells a wrong one from an unknown address in no way", async () => {
  await signUp(deps, person("known@example.com"));
  const ask = (email: string, word: string) =>
    signIn(deps, { email, password: word, address: null, device: null });
  expect(await ask("known@example.com", password)).toMatchObject({
    ok: true,
    value: { email: "known@example.com" },
  });
  const refusal = { ok: false, refusal: { code: "wrong-credentials" } };
  expect(await ask("known@example.com", "guessed wrong")).toEqual(refusal);
  expect(await ask("unknown@example.com", password)).toEqual(refusal);
});

it("stops guessing at one account after ten tries, also with the right password, until the window is over", async () => {
  await signUp(deps, person("target@example.com"));
  const ask = (word: string, now: Date) => {
    const tried = { email: "target@example.com", password: word, address: null, device: null };
    return signIn({ ...deps, clock: { now: () => now } }, tried);
  };
  const start = clock.now();
  const refused = { refusal: { code: "wrong-credentials" } };
  expect(await ask("a guess", start)).toMatchObject(refused);
  const tries = like(rateLimits.key, "sign-in-account-network:%");
  await db().update(rateLimits).set({ count: 9 }).where(tries);
  expect(await ask("the tenth guess", start)).toMatchObject(refused);
  expect(await ask(password, start)).toEqual({
    ok: false,
    refusal: { code: "too-many-tries", waitMinutes: 10 },
  });
  const later = new Date("2026-11-22T03:06:30Z");
  expect(await ask(password, later)).toMatchObject({ refusal: { waitMinutes: 4 } });
  expect(await ask(password, new Date("2026-11-22T03:10:00Z"))).toMatchObject({ ok: true });
});

it("limits sign-ups from one address, and shares a wide limit where the address is not known", async () => {
  const results = [];
  await signUp(deps, person("taken@example.com"));
  for (let at = 0; at <= 20; at += 1) {
    results.push(await signUp(deps, person("taken@example.com", "203.0.113.7")));
  }
  expect(
    results.slice(0, 20).every((result) => !result.ok && result.refusal.code === "email-taken"),
  ).toBe(true);
  expect(results[20]).toEqual({
    ok: false,
    refusal: { code: "too-many-tries", waitMinutes: 60 },
  });
  expect(await signUp(deps, person("other@example.com", "203.0.113.8"))).toMatchObject({
    ok: true,
  });
  expect(await signUp(deps, person("unknown-place@example.com"))).toMatchObject({ ok: true });
});

it("changes a name and nothing else", async () => {
  const result = await signUp(deps, person("name@example.com"));
  if (!result.ok) throw new Error(result.refusal.code);
  const before = await findUserByEmail("name@example.com");
  await updateProfile(deps, { userId: result.value.userId, name: "새이름" });
  expect(await findUserByEmail("name@example.com")).toEqual({ ...before, name: "새이름" });
});
