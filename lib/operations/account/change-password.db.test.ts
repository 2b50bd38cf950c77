/** A new password for somebody who is signed in, and passwords that nobody may have. */

import { asc, eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { db, transaction } from "@/db/client";
import { passwordResets, sessions } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { messages } from "@/db/schema/message";
import { findUserByEmail, setPassword } from "@/db/user";
import { deps as wired } from "@/deps";
import { hashPassword } from "@/lib/auth/passwords";
import { createIds } from "@/lib/runtime/ids";
import { beginSession } from "./begin-session";
import { changePassword } from "./change-password";
import { linkIdentity } from "./link-identity";
import { requestPasswordReset } from "./request-password-reset";
import { resetPassword } from "./reset-password";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";
import { tellAccountExists } from "./tell-account-exists";

let now = new Date("2026-11-22T03:00:00Z");
const clock = { now: () => now };
const afterwards = (work: () => Promise<void>) => work();
const hinted: string[] = [];
const deps = {
  ...wired(),
  ...{ clock, newId: createIds(clock), afterwards },
  hint: async (hints: readonly { id: string }[]) => {
    hinted.push(...hints.map(({ id }) => id));
  },
};
const OLD = "the owner's own";
const NEW = "quite another one";

let people = 0;
let email: string;
let userId: string;
beforeAll(async () => {
  await newPerson();
});

async function newPerson(): Promise<void> {
  people += 1;
  email = `person-${people}@studio.example.com`;
  const person = {
    email,
    name: "이구독",
    password: OLD,
    address: null,
    termsVersion: "1",
    locale: "ko" as const,
  };
  const result = await signUp(deps, person);
  if (!result.ok) throw new Error(result.refusal.code);
  userId = result.value.userId;
}

const ask = (password: string) => signIn(deps, { email, password, address: null, device: null });
const mails = () =>
  db().select().from(messages).where(eq(messages.userId, userId)).orderBy(asc(messages.id));

it("ends all sessions and open links, is written down, and is told to the owner", async () => {
  await newPerson();
  await beginSession(deps, { id: userId, sessionEpoch: 0 });
  await requestPasswordReset(deps, { email, address: null });
  const result = await changePassword(deps, { email, currentPassword: OLD, password: NEW });
  expect(result).toEqual({ ok: true, value: { id: userId, sessionEpoch: 1 } });
  expect(await beginSession(deps, { id: userId, sessionEpoch: 1 })).toMatchObject({ ok: true });

  expect(await db().$count(sessions, eq(sessions.userId, userId))).toBe(1);
  expect(await db().$count(passwordResets, eq(passwordResets.userId, userId))).toBe(0);
  expect(await ask(OLD)).toMatchObject({ refusal: { code: "wrong-credentials" } });
  expect(await ask(NEW)).toMatchObject({ ok: true });
  const audit = await db().select().from(auditLog).where(eq(auditLog.subjectId, userId));
  expect(audit.map(({ action }) => action)).toEqual(["user.signed-up", "user.password-changed"]);
  const told = (await mails()).find(({ kind }) => kind === "password-changed");
  expect(told?.body).toContain("/forgot-password");
  expect(hinted).toContain(told?.id);
});

it("asks for the one before, ten times in ten minutes and no more", async () => {
  await newPerson();
  const guess = () =>
    changePassword(deps, { email, currentPassword: "a guess", password: NEW }).then((result) =>
      result.ok ? "changed" : result.refusal.code,
    );
  const answers = [];
  for (let n = 1; n <= 11; n += 1) answers.push(await guess());
  expect(answers).toEqual([...Array(10).fill("wrong-password"), "too-many-tries"]);
  expect(await findUserByEmail(email)).toMatchObject({ sessionEpoch: 0 });
});

it("is not set over one that another tab, or a link, set meanwhile", async () => {
  await newPerson();
  const change = (password: string) =>
    changePassword(deps, { email, currentPassword: OLD, password });
  const results = await Promise.all([change(NEW), change("a third one, at once")]);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  expect(results.filter((result) => !result.ok)).toEqual([
    { ok: false, refusal: { code: "wrong-password" } },
  ]);
  await transaction(async (tx) => setPassword(tx, userId, await hashPassword("set by a link")));
  expect(await change(NEW)).toMatchObject({ refusal: { code: "wrong-password" } });
});

it("is set by mail where somebody signs in through a provider and has none", async () => {
  const identity = {
    provider: "kakao",
    providerAccountId: "k-1",
    isEmailVerified: true,
    locale: "ko",
  } as const;
  await linkIdentity(deps, { ...identity, email: "kakao@example.com", name: "최카카오" });
  const change = { email: "kakao@example.com", currentPassword: "", password: NEW };
  expect(await changePassword(deps, change)).toMatchObject({ refusal: { code: "no-password" } });
});

it.each([
  ["too-short", "v9#Tq2!"],
  ["common", "12345678"],
  ["own-address", "studio77"],
] as const)(
  "is refused as %s wherever one is set, and changes nothing",
  async (weakness, password) => {
    await newPerson();
    const weak = { ok: false, refusal: { code: "weak-password", weakness } };
    expect(await changePassword(deps, { email, currentPassword: OLD, password })).toEqual(weak);

    await requestPasswordReset(deps, { email, address: null });
    const token = /token=([\w-]+)/.exec((await mails()).at(-1)?.body ?? "")?.[1] ?? "";
    const reset = (wanted: string) =>
      resetPassword(deps, { token, password: wanted, address: null });
    expect(await reset(password)).toEqual(weak);
    expect(await findUserByEmail(email)).toMatchObject({ sessionEpoch: 0 });
    // The link was not used up by it.
    expect(await reset(NEW)).toMatchObject({ ok: true });

    const newcomer = {
      email: `new.${email}`,
      name: "이구독",
      address: null,
      termsVersion: "1",
      locale: "ko" as const,
    };
    expect(await signUp(deps, { ...newcomer, password })).toEqual(weak);
    expect(await findUserByEmail(newcomer.email)).toBeNull();
  },
);

it("somebody who has an account and signs up again is told by mail, once a day", async () => {
  await newPerson();
  await tellAccountExists(deps, email);
  await tellAccountExists(deps, email);
  await tellAccountExists(deps, "nobody@example.com");
  const [mail, ...more] = await mails();
  expect(mail).toMatchObject({ kind: "already-signed-up" });
  expect(mail?.body).toContain("/sign-in");
  expect(more).toEqual([]);
  now = new Date("2026-11-23T03:00:00Z");
  await tellAccountExists(deps, email);
  expect(await mails()).toHaveLength(2);
});
