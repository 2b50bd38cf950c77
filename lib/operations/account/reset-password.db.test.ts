import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/db/client";
import { passwordResets } from "@/db/schema/account";
import { messages } from "@/db/schema/message";
import { findUserByEmail, findUserByIdentity } from "@/db/user";
import { deps as wired } from "@/deps";
import { createIds } from "@/lib/runtime/ids";
import { linkIdentity } from "./link-identity";
import { requestPasswordReset } from "./request-password-reset";
import { openResetLink, resetPassword } from "./reset-password";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";

const start = new Date("2026-11-22T03:00:00Z");
const clock = { now: () => start };
const deps = {
  ...wired(),
  clock,
  newId: createIds(clock),
  hint: async () => {},
  afterwards: (work: () => Promise<void>) => work(),
};
const address = null;

it("mails a link that sets a new password once and ends all sessions", async () => {
  await personWith("once@example.com");
  const token = await mailedToken("once@example.com");
  const change = { token, password: "the new one", address };
  const { id: userId } = (await findUserByEmail("once@example.com")) ?? {};
  expect(await resetPassword(deps, change)).toEqual({ ok: true, value: { userId } });
  expect(await resetPassword(deps, change)).toEqual({
    ok: false,
    refusal: { code: "link-expired" },
  });

  const ask = (password: string) =>
    signIn(deps, { email: "once@example.com", password, address, device: null });
  expect(await ask("the old one")).toMatchObject({ ok: false });
  expect(await ask("the new one")).toMatchObject({ ok: true, value: { sessionEpoch: 1 } });
});

it("closes a door that a stranger laid through a provider that vouches for no address", async () => {
  const email = "laid@example.com";
  const identity = { email, isEmailVerified: false, locale: "ko" as const, name: "남" };
  const laid = { ...identity, provider: "naver", providerAccountId: "stranger" } as const;
  expect(await linkIdentity(deps, laid)).toMatchObject({ ok: true });
  const token = await mailedToken(email);
  await resetPassword(deps, { token, password: "the owner's own", address });
  expect(await findUserByIdentity("naver", "stranger")).toBeNull();
  expect(await linkIdentity(deps, laid)).toMatchObject({ refusal: { code: "email-taken" } });
});

it("mails no word of whoever signed up with the address", async () => {
  const email = "target@example.com";
  const name = "당첨! https://evil.example";
  await signUp(deps, {
    ...{ email, name, password: "the old one", address, termsVersion: "1" },
    locale: "ko",
  });
  await mailedToken(email);
  const user = await findUserByEmail(email);
  const [mail] = await db()
    .select()
    .from(messages)
    .where(eq(messages.userId, user?.id ?? ""));
  expect(mail?.body).not.toContain("evil");
});

it("lets one of two uses at the same moment win", async () => {
  await personWith("twice@example.com");
  const token = await mailedToken("twice@example.com");
  const results = await Promise.all(
    ["first word", "second word"].map((password) =>
      resetPassword(deps, { token, password, address }),
    ),
  );
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  expect(await findUserByEmail("twice@example.com")).toMatchObject({ sessionEpoch: 1 });
});

it("works for half an hour and no longer", async () => {
  await personWith("late@example.com");
  const token = await mailedToken("late@example.com");
  const late = { ...deps, clock: { now: () => new Date("2026-11-22T03:30:00Z") } };
  expect(await resetPassword(late, { token, password: "too late now", address })).toEqual({
    ok: false,
    refusal: { code: "link-expired" },
  });
});

it("makes older links void when one is used, and refuses a made-up one", async () => {
  await personWith("older@example.com");
  const older = await mailedToken("older@example.com");
  const newer = await mailedToken("older@example.com");
  await resetPassword(deps, { token: newer, password: "the new one", address });
  for (const token of [older, "made-up", ""]) {
    expect(await resetPassword(deps, { token, password: "another one", address })).toMatchObject({
      refusal: { code: "link-expired" },
    });
  }
});

it("says on opening a link whether it works, uses nothing up and tells bad links alike", async () => {
  await personWith("opened@example.com");
  const token = await mailedToken("opened@example.com");
  const late = { ...deps, clock: { now: () => new Date("2026-11-22T03:30:00Z") } };
  const look = (one: string, on: Parameters<typeof openResetLink>[0] = deps) =>
    openResetLink(on, { token: one, address });
  expect(await look(token)).toBe("open");
  expect(await look(token)).toBe("open");
  expect([await look("made-up"), await look(""), await look(token, late)]).toEqual([
    "expired",
    "expired",
    "expired",
  ]);
  expect(await resetPassword(deps, { token, password: "the new one", address })).toMatchObject({
    ok: true,
  });
  expect(await look(token)).toBe("expired");
});

it("tells an address that tries one link after another nothing more", async () => {
  const guesser = "203.0.113.77";
  const answers: string[] = [];
  for (let at = 0; at < 61; at += 1)
    answers.push(await openResetLink(deps, { token: `guess-${at}`, address: guesser }));
  expect(new Set(answers.slice(0, 60))).toEqual(new Set(["expired"]));
  expect(answers[60]).toBe("open");
});

it("answers the same for an address nobody has, and mails nothing", async () => {
  const before = await db().$count(messages);
  const result = await requestPasswordReset(deps, { email: "nobody@example.com", address });
  expect(result).toEqual({ ok: true, value: null });
  expect(await db().$count(messages)).toBe(before);
});

it("sends one account five links an hour", async () => {
  await personWith("flood@example.com");
  for (let at = 0; at < 5; at += 1) await mailedToken("flood@example.com");
  expect(await requestPasswordReset(deps, { email: "flood@example.com", address })).toEqual({
    ok: false,
    refusal: { code: "too-many-tries", waitMinutes: 60 },
  });
});

async function personWith(email: string): Promise<void> {
  await signUp(deps, {
    email,
    name: "이구독",
    password: "the old one",
    address,
    termsVersion: "1.0",
    locale: "ko" as const,
  });
}

/** The token of a link just mailed; the reset itself holds only its hash. */
async function mailedToken(email: string): Promise<string> {
  const before = await mailedTokens(email);
  await requestPasswordReset(deps, { email, address });
  const token = (await mailedTokens(email)).find((one) => !before.includes(one));
  if (!token) throw new Error("No link was mailed");
  expect(
    await db().select().from(passwordResets).where(eq(passwordResets.tokenHash, token)),
  ).toEqual([]);
  return token;
}

async function mailedTokens(email: string): Promise<string[]> {
  const user = await findUserByEmail(email);
  const mails = await db()
    .select()
    .from(messages)
    .where(eq(messages.userId, user?.id ?? ""));
  return mails.map((mail) => /token=([\w-]+)/.exec(mail.body)?.[1] ?? "");
}
