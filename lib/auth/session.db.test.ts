/** How long somebody stays signed in, and what ends it for every copy of the cookie at once. */
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeEach, expect, it, vi } from "vitest";
import { db, transaction } from "@/db/client";
import { type Role, sessions, users } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { insertUser, setPassword } from "@/db/user";
import { revokeOtherSessions } from "@/lib/operations/account/revoke-other-sessions";
import { systemClock } from "@/lib/runtime/clock";
import { createIds } from "@/lib/runtime/ids";
import { SESSION_TIME, sessionCookieName } from "./next-auth";
import { currentSessionId, endSession, signedInOrNull, startSession } from "./session";

const browser = vi.hoisted(() => ({ cookies: new Map<string, string>() }));

vi.mock("server-only", () => ({}));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => {
      const value = browser.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
    set: (name: string, value: string) => browser.cookies.set(name, value),
    delete: ({ name }: { name: string }) => browser.cookies.delete(name),
  }),
}));

const newId = createIds(systemClock);
const HOUR_MS = 60 * 60 * 1000;

beforeEach(() => browser.cookies.clear());

it("ends with signing out, for a copy of the cookie as well", async () => {
  const userId = await newUser();
  const copy = await signInAs(userId);
  expect(await signedInOrNull()).toMatchObject({ userId });
  await endSession();
  expect(browser.cookies.size).toBe(0);
  holdCookie(copy);
  expect(await signedInOrNull()).toBeNull();
});

it("ends on every other device, and only there, when its owner asks for it", async () => {
  const [userId, bystander] = [await newUser(), await newUser()];
  const [phone, stolen] = [await signInAs(userId), await signInAs(userId)];
  const theirs = await signInAs(bystander);
  const here = await signInAs(userId);
  const sessionId = (await currentSessionId()) ?? "";
  await revokeOtherSessions(SESSION_TIME, { userId, sessionId });

  for (const gone of [phone, stolen]) {
    holdCookie(gone);
    expect(await signedInOrNull()).toBeNull();
  }
  holdCookie(here);
  expect(await signedInOrNull()).toMatchObject({ userId });
  holdCookie(theirs);
  expect(await signedInOrNull()).toMatchObject({ userId: bystander });
  const audit = await db().select().from(auditLog).where(eq(auditLog.subjectId, userId));
  expect(audit.map(({ action }) => action)).toEqual(["user.signed-out-elsewhere"]);
});

it("ends everywhere with a new password, and none begins from a check made before", async () => {
  const userId = await newUser();
  const old = await signInAs(userId);
  await transaction((tx) => setPassword(tx, userId, "scrypt$new"));
  holdCookie(old);
  expect(await signedInOrNull()).toBeNull();
  browser.cookies.clear();
  expect(await startSession({ id: userId, sessionEpoch: 0 })).toBe(false);
  expect(browser.cookies.size).toBe(0);
  expect(await startSession({ id: userId, sessionEpoch: 1 })).toBe(true);
  expect(await signedInOrNull()).toMatchObject({ userId });
});

it("never outlives a password change that happens at the same moment", async () => {
  const userId = await newUser();
  await Promise.all([
    startSession({ id: userId, sessionEpoch: 0 }),
    transaction((tx) => setPassword(tx, userId, "scrypt$new")),
  ]);
  expect(await db().$count(sessions, eq(sessions.userId, userId))).toBe(0);
});

it("gives way to the next one on the same browser", async () => {
  const userId = await newUser();
  const first = await signInAs(userId);
  expect(await startSession({ id: userId, sessionEpoch: 0 })).toBe(true);
  expect(await signedInOrNull()).toMatchObject({ userId });
  holdCookie(first);
  expect(await signedInOrNull()).toBeNull();
});

it.each<[Role, number, boolean]>([
  ["customer", 29 * 24, true],
  ["customer", 30 * 24, false],
  ["operator", 11, true],
  ["operator", 12, false],
  ["support", 12, false],
  ["owner", 12, false],
])("of a %s, %i hours old, counts: %s", async (role, hours, counts) => {
  const userId = await newUser();
  await signInAs(userId);
  await db().update(users).set({ role }).where(eq(users.id, userId));
  const [row] = await db().select().from(sessions).where(eq(sessions.userId, userId));
  const earlier = (at: Date | undefined) => new Date((at?.getTime() ?? 0) - hours * HOUR_MS);
  await db()
    .update(sessions)
    .set({ startedAt: earlier(row?.startedAt), expiresAt: earlier(row?.expiresAt) })
    .where(eq(sessions.userId, userId));
  expect((await signedInOrNull()) !== null).toBe(counts);
});

it("is forgotten once it is over", async () => {
  const userId = await newUser();
  await signInAs(userId);
  await db()
    .update(sessions)
    .set({ expiresAt: new Date(0) })
    .where(eq(sessions.userId, userId));
  await signInAs(await newUser());
  expect(await db().$count(sessions, eq(sessions.userId, userId))).toBe(0);
});

async function newUser(): Promise<string> {
  const id = newId("user");
  await transaction((tx) =>
    insertUser(
      tx,
      { id, email: `${id}@example.com`, name: "김구독", passwordHash: null, createdAt: new Date() },
      { id: newId("account"), customerKey: randomUUID() },
    ),
  );
  return id;
}

/** Signs in on a browser of its own and returns the cookie. */
async function signInAs(userId: string): Promise<string> {
  browser.cookies.clear();
  expect(await startSession({ id: userId, sessionEpoch: 0 })).toBe(true);
  return browser.cookies.get(sessionCookieName()) ?? "";
}

function holdCookie(value: string): void {
  browser.cookies.set(sessionCookieName(), value);
}
