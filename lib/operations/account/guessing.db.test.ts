/** Strangers who guess passwords, or ask for links, lock out themselves; the owner has a way in at any time. */

import { and, eq, like } from "drizzle-orm";
import { expect, it } from "vitest";
import { db } from "@/db/client";
import { messages } from "@/db/schema/message";
import { rateLimits } from "@/db/schema/rate-limit";
import { findUserByEmail } from "@/db/user";
import { deps as wired } from "@/deps";
import { createIds } from "@/lib/runtime/ids";
import { requestPasswordReset } from "./request-password-reset";
import { resetPassword } from "./reset-password";
import { type KnownDevice, signIn } from "./sign-in";
import { signUp } from "./sign-up";

const clock = { now: () => new Date("2026-11-22T03:00:00Z") };
const afterwards = (work: () => Promise<void>) => work();
const deps = { ...wired(), clock, newId: createIds(clock), hint: async () => {}, afterwards };
const password = "the owner's own";
const LOCKED = { refusal: { code: "too-many-tries" } };

let networks = 0;
/** An address in a network that nobody used before. */
function somewhere(): string {
  networks += 1;
  return `2001:db8:${networks.toString(16)}::1`;
}

it("from one network leave every other network its tries", async () => {
  const { email } = await owner();
  const [stranger, home] = [somewhere(), somewhere()];
  await guesses(email, stranger, 10);
  expect(await ask(email, password, { address: stranger })).toMatchObject(LOCKED);
  expect(await ask(email, password, { address: home })).toMatchObject({ ok: true });
});

it("from everywhere leave a device its tries that the owner used before, and no other device", async () => {
  const { email, userId } = await owner();
  const other = await owner();
  await guesses(email, somewhere(), 1);
  await setTries("sign-in-account:%", 100);
  expect(await ask(email, password, { address: somewhere() })).toMatchObject(LOCKED);
  const known = { userId, deviceId: "the owner's phone" };
  const foreign = { userId: other.userId, deviceId: "a stranger's phone" };
  expect(await ask(email, password, { address: somewhere(), device: foreign })).toMatchObject(
    LOCKED,
  );
  expect(await ask(email, password, { address: somewhere(), device: known })).toMatchObject({
    ok: true,
  });
});

it("on a stolen device have ten tries as well", async () => {
  const { email, userId } = await owner();
  const device = { userId, deviceId: "a stolen phone" };
  const guess = () => ask(email, "a guess", { address: somewhere(), device });
  expect(await guess()).toMatchObject({ refusal: { code: "wrong-credentials" } });
  await setTries("sign-in-device:%", 9);
  expect(await guess()).toMatchObject({ refusal: { code: "wrong-credentials" } });
  expect(await ask(email, password, { address: somewhere(), device })).toMatchObject(LOCKED);
});

it("stand in nobody's way once a new password is set by mail", async () => {
  const { email } = await owner();
  const home = somewhere();
  await guesses(email, home, 1);
  await setTries("sign-in-account:%", 100);
  expect(await ask(email, password, { address: home })).toMatchObject(LOCKED);
  const token = await mailedToken(email);
  await resetPassword(deps, { token, password: "quite another one", address: home });
  expect(await ask(email, "quite another one", { address: home })).toMatchObject({ ok: true });
});

it("are forgotten with the next success", async () => {
  const { email } = await owner();
  const home = somewhere();
  for (let round = 0; round < 2; round += 1) {
    await guesses(email, home, 9);
    expect(await ask(email, password, { address: home })).toMatchObject({ ok: true });
  }
});

it("who ask for links from one network leave the owner a link", async () => {
  const { email } = await owner();
  const [stranger, home] = [somewhere(), somewhere()];
  const request = (address: string) => requestPasswordReset(deps, { email, address });
  for (let n = 1; n <= 5; n += 1) expect(await request(stranger)).toMatchObject({ ok: true });
  expect(await request(stranger)).toMatchObject(LOCKED);
  expect(await request(home)).toMatchObject({ ok: true });
  // From everywhere: a link that was mailed in this half hour still works.
  await setTries("password-reset-account:%", 20);
  expect(await request(somewhere())).toMatchObject({ refusal: { waitMinutes: 30 } });
  const token = await mailedToken(email, 0);
  expect(
    await resetPassword(deps, { token, password: "quite another one", address: home }),
  ).toMatchObject({ ok: true });
});

it("learn nothing from when the answer to a request for a link comes", async () => {
  const { email } = await owner();
  const order: string[] = [];
  const late: (() => Promise<void>)[] = [];
  for (const asked of [email, "nobody@example.com"]) {
    const before = await db().$count(messages);
    const result = await requestPasswordReset(
      {
        ...deps,
        afterwards: async (work) => {
          late.push(work);
        },
      },
      { email: asked, address: somewhere() },
    );
    expect(result).toEqual({ ok: true, value: null });
    order.push(`${(await db().$count(messages)) - before} mails before the answer`);
  }
  expect(order).toEqual(["0 mails before the answer", "0 mails before the answer"]);
  const before = await db().$count(messages);
  for (const work of late) await work();
  expect((await db().$count(messages)) - before).toBe(1);
});

let owners = 0;
async function owner(): Promise<{ email: string; userId: string }> {
  owners += 1;
  const email = `owner-${owners}@example.com`;
  const person = {
    email,
    name: "이구독",
    password,
    address: somewhere(),
    termsVersion: "1",
    locale: "ko" as const,
  };
  const result = await signUp(deps, person);
  if (!result.ok) throw new Error(result.refusal.code);
  return { email, userId: result.value.userId };
}

function ask(
  email: string,
  word: string,
  { address, device = null }: { address: string; device?: KnownDevice | null },
) {
  return signIn(deps, { email, password: word, address, device });
}

/** Wrong passwords: one is really tried, the others are added to its count. */
async function guesses(email: string, address: string, count: number): Promise<void> {
  const known = new Set((await tries("sign-in-account-network:%")).map(({ key }) => key));
  expect(await ask(email, "a guess", { address })).toMatchObject({
    refusal: { code: "wrong-credentials" },
  });
  const [row] = (await tries("sign-in-account-network:%")).filter(({ key }) => !known.has(key));
  if (!row) throw new Error("The guess was not counted");
  await db().update(rateLimits).set({ count }).where(eq(rateLimits.key, row.key));
}

function tries(pattern: string) {
  return db().select().from(rateLimits).where(like(rateLimits.key, pattern));
}

async function setTries(pattern: string, count: number): Promise<void> {
  await db().update(rateLimits).set({ count }).where(like(rateLimits.key, pattern));
}

async function mailedToken(email: string, asks = 1): Promise<string> {
  for (let n = 0; n < asks; n += 1)
    await requestPasswordReset(deps, { email, address: somewhere() });
  const user = await findUserByEmail(email);
  const mails = await db()
    .select()
    .from(messages)
    .where(and(eq(messages.userId, user?.id ?? ""), eq(messages.kind, "password-reset")));
  return /token=([\w-]+)/.exec(mails.at(-1)?.body ?? "")?.[1] ?? "";
}
