import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { db } from "@/db/client";
import { type Role, users } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { findUserByEmail, listOperators } from "@/db/user";
import { deps as wired } from "@/deps";
import { OPERATOR_LINK_HOURS } from "@/lib/billing/policy";
import { linkIdentity } from "@/lib/operations/account/link-identity";
import { resetPassword } from "@/lib/operations/account/reset-password";
import { signUp } from "@/lib/operations/account/sign-up";
import { createIds } from "@/lib/runtime/ids";
import { type Grant, grantRole } from "./grant-role";
import { revokeRole } from "./revoke-role";

const start = new Date("2026-11-22T03:00:00Z");
const clock = { now: () => start };
const deps = { ...wired(), clock, newId: createIds(clock), hint: async () => {} };
const address = null;
const LAST = { ok: false, refusal: { code: "last-operator" } };
beforeEach(() => db().update(users).set({ role: "customer" }));

it("opens an account whose password a link sets once", async () => {
  const { before, token } = await grant("new@example.com", "owner");
  expect(before).toBeNull();
  expect(await listOperators()).toEqual([
    { email: "new@example.com", name: "김운영", role: "owner" },
  ]);
  const change = { token: token ?? "", password: "long and quite secret", address };
  expect(await resetPassword(deps, change)).toMatchObject({ ok: true });
  expect(await resetPassword(deps, change)).toMatchObject({ refusal: { code: "link-expired" } });
  expect((await findUserByEmail("new@example.com"))?.passwordHash).not.toBeNull();
});

it("makes a link that works for a day", async () => {
  const { token } = await grant("slow@example.com");
  const late = { now: () => new Date(start.getTime() + OPERATOR_LINK_HOURS * 3_600_000) };
  const change = { token: token ?? "", password: "long and quite secret", address };
  expect(await resetPassword({ ...deps, clock: late }, change)).toMatchObject({
    refusal: { code: "link-expired" },
  });
});

it("leaves no way in to somebody who signed up with the address beforehand", async () => {
  const email = "laid@example.com";
  await signUp(deps, {
    email,
    name: "남",
    password: "a stranger's own",
    address,
    termsVersion: "1",
    locale: "ko" as const,
  });
  const { before, token } = await grant(email);
  expect(before).toBe("customer");
  expect(token).not.toBeNull();
  expect(await findUserByEmail(email)).toMatchObject({
    role: "operator",
    passwordHash: null,
    sessionEpoch: 1,
  });
});

it("leaves people whose address is proven as they are, and gives them the role", async () => {
  const email = "proven@example.com";
  const proven = {
    provider: "google",
    providerAccountId: "7",
    isEmailVerified: true,
    locale: "ko",
  } as const;
  await linkIdentity(deps, { ...proven, email, name: "이증명" });
  expect(await grant(email, "support")).toEqual({ before: "customer", token: null });
  expect(await grant(email, "owner")).toEqual({ before: "support", token: null });
  expect(await listOperators()).toEqual([{ email, name: "이증명", role: "owner" }]);
});

it("takes a role away, and leaves the customer", async () => {
  await grant("stays@example.com", "owner");
  await grant("goes@example.com", "operator");
  expect(await revoke("goes@example.com")).toEqual({ ok: true, value: { before: "operator" } });
  expect(await findUserByEmail("goes@example.com")).toMatchObject({ role: "customer" });
  for (const email of ["goes@example.com", "nobody@example.com"])
    expect(await revoke(email)).toEqual({ ok: false, refusal: { code: "not-an-operator" } });
});

it("keeps the last one who may act, whether their role would go or shrink", async () => {
  await grant("last@example.com", "operator");
  await grant("reader@example.com", "support");
  expect(await revoke("last@example.com")).toEqual(LAST);
  expect(await grantRole(deps, grantOf("last@example.com", "support"))).toEqual(LAST);
  expect(await findUserByEmail("last@example.com")).toMatchObject({ role: "operator" });
  expect(await grant("last@example.com", "owner")).toMatchObject({ before: "operator" });
  expect(await revoke("reader@example.com")).toMatchObject({ ok: true });
});

it("keeps one of two who would go at the same moment", async () => {
  const both = ["one@example.com", "other@example.com"];
  for (let round = 0; round < 5; round += 1) {
    for (const email of both) await grant(email, "owner");
    const results = await Promise.all(both.map(revoke));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await listOperators()).toHaveLength(1);
  }
});

it("opens one account for two calls at the same moment", async () => {
  const email = "twice@example.com";
  const results = await Promise.all([1, 2].map(() => grantRole(deps, grantOf(email, "owner"))));
  expect(results.some((result) => result.ok)).toBe(true);
  expect((await listOperators()).map((operator) => operator.email)).toEqual([email]);
});

it("records who did what, and nothing of what was refused", async () => {
  const email = "audited@example.com";
  await grant(email, "owner");
  await revoke(email);
  await grant("second@example.com", "owner");
  await revoke(email);
  const subjectId = (await findUserByEmail(email))?.id ?? "";
  const rows = await db().select().from(auditLog).where(eq(auditLog.subjectId, subjectId));
  expect(rows.map(({ actor, action, details }) => ({ actor, action, details }))).toEqual([
    {
      actor: "command",
      action: "user.role-granted",
      details: { before: null, after: "owner", by: "root@server", link: true },
    },
    {
      actor: "command",
      action: "user.role-revoked",
      details: { before: "owner", after: "customer", by: "root@server" },
    },
  ]);
});

function grantOf(email: string, role: Grant["role"]): Grant {
  return { email, name: "김운영", role, grantedBy: "root@server" };
}

async function grant(email: string, role: Exclude<Role, "customer"> = "operator") {
  const result = await grantRole(deps, grantOf(email, role));
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}`);
  return result.value;
}

function revoke(email: string) {
  return revokeRole(deps, { email, revokedBy: "root@server" });
}
