import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { done, operatorAction } from "@/app/action";
import { db, transaction } from "@/db/client";
import { type Role, users } from "@/db/schema/account";
import { insertUser } from "@/db/user";
import { beginSession } from "@/lib/operations/account/begin-session";
import { systemClock } from "@/lib/runtime/clock";
import { createIds } from "@/lib/runtime/ids";
import { sealSession, sessionCookieName } from "./next-auth";
import { mayOperate, operatorOrNull, requireOperator } from "./session";

const browser = vi.hoisted(() => ({
  cookies: new Map<string, string>(),
  headers: { "sec-fetch-site": "same-origin" } as Record<string, string>,
}));

vi.mock("server-only", () => ({}));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) => {
      const value = browser.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
  }),
  headers: async () => new Headers(browser.headers),
}));

const NOT_FOUND = { digest: expect.stringContaining("404") };

it("shows the console to support, operators and owners, and to nobody else", async () => {
  for (const role of ["support", "operator", "owner"] as const) {
    const userId = await signInAs(role);
    expect(await requireOperator("/admin")).toMatchObject({ userId, role });
  }

  await signInAs("customer");
  expect(await operatorOrNull()).toBeNull();
  await expect(requireOperator("/admin")).rejects.toMatchObject(NOT_FOUND);

  browser.cookies.clear();
  expect(await operatorOrNull()).toBeNull();
  await expect(requireOperator("/admin")).rejects.toMatchObject({
    digest: expect.stringContaining("/sign-in?next=%2Fadmin"),
  });
});

it("lets operators and owners act, and hides the action from everybody else", async () => {
  const acted: string[] = [];
  const action = operatorAction(z.object({}), async ({ userId }) => {
    acted.push(userId);
    return done();
  });
  const call = () => action({ status: "idle" }, new FormData());

  const allowed: string[] = [];
  for (const role of ["operator", "owner"] as const) {
    allowed.push(await signInAs(role));
    expect(await call()).toEqual({ status: "done" });
  }
  for (const role of ["support", "customer"] as const) {
    await signInAs(role);
    await expect(call()).rejects.toMatchObject(NOT_FOUND);
  }
  browser.cookies.clear();
  await expect(call()).rejects.toMatchObject(NOT_FOUND);
  expect(acted).toEqual(allowed);
});

it("takes no action that another site calls, nor one without a form that can be stored", async () => {
  const acted: string[] = [];
  const action = operatorAction(z.object({ note: z.string() }), async (_operator, { note }) => {
    acted.push(note);
    return done();
  });
  const formOf = (note: string | File) => {
    const form = new FormData();
    form.set("note", note);
    return form;
  };
  await signInAs("owner");
  const foreign: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site", origin: "http://localhost:1" },
    { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
  ];
  for (const headers of foreign) {
    browser.headers = headers;
    await expect(action({ status: "idle" }, formOf("theirs"))).rejects.toMatchObject(NOT_FOUND);
  }
  browser.headers = { origin: "http://localhost:1" };
  const nonsense: unknown[] = [
    undefined,
    null,
    "a text",
    [],
    {},
    formOf("\0"),
    formOf(new File([], "f")),
  ];
  for (const form of nonsense)
    expect(await Reflect.apply(action, undefined, [undefined, form])).toMatchObject({
      status: "refused",
      values: {},
    });
  expect(acted).toEqual([]);
  expect(await action({ status: "idle" }, formOf("ours"))).toEqual({ status: "done" });
  expect(acted).toEqual(["ours"]);
});

it("takes the power away with the role, while the person stays signed in", async () => {
  const userId = await signInAs("operator");
  await db().update(users).set({ role: "support" }).where(eq(users.id, userId));
  const person = await operatorOrNull();
  expect(person && mayOperate(person)).toBe(false);
});

async function signInAs(role: Role): Promise<string> {
  const newId = createIds(systemClock);
  const id = newId("user");
  const email = `${id.toLowerCase()}@example.com`;
  await transaction((tx) =>
    insertUser(
      tx,
      { id, email, name: "김운영", passwordHash: null, createdAt: new Date() },
      { id: newId("account"), customerKey: randomUUID() },
    ),
  );
  await db().update(users).set({ role }).where(eq(users.id, id));
  const begun = await beginSession({ clock: systemClock, newId }, { id, sessionEpoch: 0 });
  if (!begun.ok) throw new Error(begun.refusal.code);
  browser.cookies.set(sessionCookieName(), await sealSession(begun.value.sessionId));
  return id;
}
