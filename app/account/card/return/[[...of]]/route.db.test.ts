/** A customer who opens the card window's way back by hand, again and again, with keys they made up. */
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDb, db, transaction } from "@/db/client";
import { cardRegistrations } from "@/db/schema/card";
import { insertUser } from "@/db/user";
import { sealSession, sessionCookieName } from "@/lib/auth/next-auth";
import { beginSession } from "@/lib/operations/account/begin-session";
import { systemClock } from "@/lib/runtime/clock";
import { createIds } from "@/lib/runtime/ids";
import { GET } from "./route";

const browser = vi.hoisted(() => ({ cookie: { name: "", value: "" } }));

vi.mock("server-only", () => ({}));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => (name === browser.cookie.name ? browser.cookie : undefined),
  }),
}));

const newId = createIds(systemClock);

// The ten minutes do not pass while the test runs, however slow the machine is.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-10T01:00:00Z") });
});
afterAll(async () => {
  vi.useRealTimers();
  await closeDb();
});

test("makes ten registrations in ten minutes and no more, and takes none from another customer", async () => {
  const evil = await signedIn();
  const places: (string | null)[] = [];
  for (let n = 0; n < 60; n += 1) places.push(await comesBack(evil.customerKey, `made-up-${n}`));
  expect(places.slice(0, 10)).toEqual(
    Array(10).fill(expect.stringMatching(/^\/account\/card\/result\?registration=reg_/)),
  );
  expect(places.slice(10)).toEqual(Array(50).fill("/account/card?notice=too-many"));
  const made = eq(cardRegistrations.accountId, evil.accountId);
  expect(await db().$count(cardRegistrations, made)).toBe(10);

  const good = await signedIn();
  expect(await comesBack(good.customerKey, "genuine")).toContain("/account/card/result");
});

async function comesBack(customerKey: string, authKey: string): Promise<string | null> {
  const query = new URLSearchParams({ customerKey, authKey });
  const request = new Request(`http://localhost:1/account/card/return?${query}`);
  const response = await GET(request, { params: Promise.resolve({}) });
  return response.headers.get("location");
}

/** A new customer, signed in on the one browser. */
async function signedIn() {
  const id = newId("user");
  const account = { id: newId("account"), customerKey: randomUUID() };
  const user = { id, email: `${id}@example.com`, name: "김구독", passwordHash: null };
  await transaction((tx) => insertUser(tx, { ...user, createdAt: new Date() }, account));
  const begun = await beginSession({ clock: systemClock, newId }, { id, sessionEpoch: 0 });
  if (!begun.ok) throw new Error(begun.refusal.code);
  const value = await sealSession(begun.value.sessionId);
  browser.cookie = { name: sessionCookieName(), value };
  return { accountId: account.id, customerKey: account.customerKey };
}
