import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/db/client";
import { userIdentities } from "@/db/schema/account";
import { messages } from "@/db/schema/message";
import { findSignedIn, findUserByEmail } from "@/db/user";
import { deps as wired } from "@/deps";
import { createIds } from "@/lib/runtime/ids";
import { type Identity, linkIdentity } from "./link-identity";
import { requestPasswordReset } from "./request-password-reset";
import { resetPassword } from "./reset-password";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";

const clock = { now: () => new Date("2026-11-22T03:00:00Z") };
const deps = {
  ...wired(),
  clock,
  newId: createIds(clock),
  hint: async () => {},
  afterwards: (work: () => Promise<void>) => work(),
};
const address = null;
let accounts = 0;

it("makes a user and a customer of a new person, and knows them the next time", async () => {
  const kakao = identity({ email: "New@Example.com", name: "최카카오" });
  const first = await linked(kakao);
  expect(await findSignedIn(first)).toMatchObject({ email: "new@example.com", name: "최카카오" });
  expect(await linked({ ...kakao, email: "changed@example.com" })).toBe(first);
});

it("joins the account of a proven address and leaves its password alone", async () => {
  const email = "proven@example.com";
  const userId = await signedUp(email);
  await requestPasswordReset(deps, { email, address });
  const [mail] = await db().select().from(messages).where(eq(messages.userId, userId));
  const token = /token=([\w-]+)/.exec(mail?.body ?? "")?.[1] ?? "";
  await resetPassword(deps, { token, password: "proven by mail", address });

  expect(await linked(identity({ provider: "google", email }))).toBe(userId);
  expect(
    await signIn(deps, { email, password: "proven by mail", address, device: null }),
  ).toMatchObject({
    ok: true,
  });
});

it("closes every door that somebody else may have left open on an unproven address", async () => {
  const email = "victim@example.com";
  const userId = await signedUp(email);
  expect(await linked(identity({ provider: "google", email }))).toBe(userId);
  expect(
    await signIn(deps, { email, password: "the old one", address, device: null }),
  ).toMatchObject({
    ok: false,
  });
  expect(await findUserByEmail(email)).toMatchObject({ passwordHash: null, sessionEpoch: 1 });
});

it("joins a second provider that vouches for the address, and keeps the first", async () => {
  const email = "both@example.com";
  const userId = await linked(identity({ provider: "kakao", email }));
  expect(await linked(identity({ provider: "google", email }))).toBe(userId);
  expect(await db().$count(userIdentities, eq(userIdentities.userId, userId))).toBe(2);
  expect(await findUserByEmail(email)).toMatchObject({ sessionEpoch: 0 });
});

it.each([
  ["a name nobody can see", "\u3164\u200b", "seen-1"],
  ["a name that turns the text round", "\u202egnp.exe", "seen-2"],
  ["a name of 60 letters", "가".repeat(60), "가".repeat(50)],
  ["a name that fits", " 최 카카오 ", "최 카카오"],
])("takes of %s what can be read, else the address", async (_case, name, stored) => {
  const email = `${/^seen/.test(stored) ? stored : crypto.randomUUID()}@example.com`;
  await linked(identity({ email, name }));
  expect(await findUserByEmail(email)).toMatchObject({ name: stored });
});

it.each([
  ["no address", identity({ email: null }), "no-email"],
  ["an address not verified", identity({ isEmailVerified: false }), "email-unverified"],
])("refuses %s", async (_case, stranger, code) => {
  expect(await linkIdentity(deps, stranger)).toEqual({ ok: false, refusal: { code } });
});

it("lets Naver, which does not vouch for addresses, open an account but join none", async () => {
  const naver = identity({ provider: "naver", email: "naver@example.com", isEmailVerified: false });
  await linked(naver);
  await signedUp("taken@example.com");
  expect(
    await linkIdentity(deps, { ...naver, providerAccountId: "n-2", email: "taken@example.com" }),
  ).toEqual({
    ok: false,
    refusal: { code: "email-taken" },
  });
});

it("makes one person of two first sign-ins at the same moment", async () => {
  const google = identity({ provider: "google", email: "race@example.com" });
  const results = await Promise.all([linkIdentity(deps, google), linkIdentity(deps, google)]);
  const ids = new Set(results.flatMap((result) => (result.ok ? [result.value.userId] : [])));
  expect(ids.size).toBe(1);
});

function identity(given: Partial<Identity>): Identity {
  accounts += 1;
  return {
    provider: "kakao",
    providerAccountId: `account-${accounts}`,
    email: `person-${accounts}@example.com`,
    isEmailVerified: true,
    locale: "ko" as const,
    name: null,
    ...given,
  };
}

async function linked(stranger: Identity): Promise<string> {
  const result = await linkIdentity(deps, stranger);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value.userId;
}

async function signedUp(email: string): Promise<string> {
  const result = await signUp(deps, {
    email,
    name: "이구독",
    password: "the old one",
    address,
    termsVersion: "1.0",
    locale: "ko" as const,
  });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value.userId;
}
