/**
 * A member with the ids of an account they are no member of, and a plain member with those of their own: every page,
 * route and action of accounts and orders is tried, and nothing moves.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext, Page } from "playwright/test";
import { transaction } from "@/db/client";
import { insertInvitation } from "@/db/invitation";
import { insertMember } from "@/db/member";
import { deps } from "@/deps";
import type { InvitedRole } from "@/lib/billing/account/member";
import { newEmail, newPerson, orders, type Person, signInOn, subscribes } from "./support/people";
import { expect, test } from "./support/test";
import { now, rowsOf, toss, variable } from "./support/world";

const ORIGIN = variable("APP_URL");
const OF_US = { origin: ORIGIN };

/** Pages that only show what is the person's own, whoever's account they look at. */
const OWN = new Set(["/account/profile", "/account/security"]);
/** What a plain member may open as well. */
const SEEN_BY_ALL = new Set(["/account", "/account/members"]);
/** Pages that show nothing of an account: why something was not done, and the way to an order. */
const OF_NOBODY = new Set(["/checkout/start", "/checkout/unavailable"]);

const NOT_YOURS = "소유자와 결제 담당자만 볼 수 있어요";

/** The addresses of all pages, or all routes, of accounts and orders. */
function addressesOf(file: "page.tsx" | "route.ts"): readonly string[] {
  const app = join(process.cwd(), "app");
  return ["account", "checkout", "api/account", "api/checkouts"].flatMap((folder) =>
    readdirSync(join(app, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.split("/").at(-1) === file)
      .map((path) => `/${folder}/${path.slice(0, -file.length)}`.replace(/\/+$/, "")),
  );
}

type Ids = {
  readonly checkout: string;
  readonly registration: string;
  readonly subscription: string;
};

async function idsOf(person: Person): Promise<Ids> {
  const checkout = await orders(person, "onboarding-once-v1");
  await subscribes(person, "premium-month-v1");
  const { registrations, subscriptions } = await rowsOf(person);
  return {
    checkout,
    registration: registrations[0]?.id ?? "",
    subscription: subscriptions[0]?.id ?? "",
  };
}

/** An address with the ids in it; of a page that reads one from the query, with that. */
function fill(address: string, ids: Ids): string {
  const id = address.includes("/api/account/card") ? ids.registration : ids.checkout;
  const path = address.replace("[id]", id).replace("[[...of]]", ids.subscription);
  const isResult = address === "/account/card/result";
  return isResult ? `${path}?registration=${ids.registration}` : path;
}

/** `member` acts for the account of `owner` from now on. */
async function joins(member: Person, owner: Person, role: InvitedRole): Promise<void> {
  const { userId } = member;
  const { accountId } = owner;
  await transaction((tx) => insertMember(tx, { accountId, userId, role, createdAt: now() }));
}

async function looksAt(page: Page, owner: Person): Promise<void> {
  const response = await page.request.post("/api/account/switch", {
    headers: { ...OF_US, "content-type": "application/x-www-form-urlencoded" },
    data: new URLSearchParams({ accountId: owner.accountId }).toString(),
    maxRedirects: 0,
  });
  expect(response.headers().location).toBe("/account?notice=switched");
}

/** Calls every route in each way that changes something, and answers the states. */
async function callRoutes(request: APIRequestContext, ids: Ids, customerKey: string) {
  const answers: Record<string, { status: number; location: string | undefined }> = {};
  for (const address of addressesOf("route.ts")) {
    const path = fill(address, ids);
    const { authKey } = await toss.authorizeBilling({ customerKey });
    const query = new URLSearchParams({
      customerKey,
      authKey,
      paymentKey: "tviva123456",
      orderId: "ord_123456",
      amount: "150000",
    });
    const isApi = address.startsWith("/api/");
    const isForm = address === "/api/checkouts" || address === "/api/account/switch";
    const response = isApi
      ? await request.post(path, {
          headers: {
            ...OF_US,
            "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
          },
          data: isForm
            ? "priceId=onboarding-once-v1"
            : JSON.stringify({ terms: true, payment: true }),
          maxRedirects: 0,
        })
      : await request.get(`${path}?${query}`, { maxRedirects: 0 });
    answers[address] = { status: response.status(), location: response.headers().location };
  }
  return answers;
}

/** Sends each form with an action that stands on the owner's pages, as somebody else. */
async function pressEveryButton(owner: Page, request: APIRequestContext) {
  const pressed = new Set<string>();
  for (const path of ["/account", "/account/cancel", "/account/consent", "/account/members"]) {
    await owner.goto(path);
    const forms = await owner.locator("form").evaluateAll((all) =>
      all.map((form) => ({
        fields: [...new FormData(form as HTMLFormElement)].map(
          ([name, value]) => [name, String(value)] as const,
        ),
        buttons: [...form.querySelectorAll("button[name]")].map((button) => [
          button.getAttribute("name") ?? "",
          button.getAttribute("value") ?? "",
        ]),
      })),
    );
    for (const { fields, buttons } of forms) {
      const action = fields.find(([name]) => name.startsWith("$ACTION"));
      if (!action) continue;
      for (const button of buttons.length > 0 ? buttons : [[]]) {
        const form = new FormData();
        for (const [name, value] of fields) form.append(name, value);
        const [name, value] = button;
        if (name) form.append(name, value ?? "");
        if (fields.some(([field]) => field === "email")) {
          form.set("email", newEmail());
          form.set("role", "billing");
        }
        const response = await request.post(path, {
          headers: OF_US,
          multipart: form,
          maxRedirects: 0,
        });
        expect(response.status()).toBeLessThan(500);
        pressed.add(`${path} ${fields.map(([field]) => field.replace(/^\$.*/, "")).join(" ")}`);
      }
    }
  }
  return pressed;
}

test("who pays in one account can do nothing in another, by any page, route or action", async ({
  page,
  customer: evil,
  browser,
}) => {
  test.setTimeout(180_000);
  const victim = await newPerson();
  const [theirs, own] = [await idsOf(victim), await idsOf(evil)];
  const friend = await newPerson();
  await joins(evil, friend, "billing");
  await looksAt(page, friend);
  await isManaged(victim);
  const before = await rowsOf(victim);

  for (const address of addressesOf("page.tsx")) {
    if (OWN.has(address) || OF_NOBODY.has(address)) continue;
    const isNamed = ["cancel", "consent", "card"].some((name) => address === `/account/${name}`);
    const query = isNamed ? `?subscription=${theirs.subscription}` : "";
    const response = await page.request.get(fill(address, theirs) + query);
    const html = await response.text();
    for (const secret of [victim.email, victim.customerKey, theirs.subscription.slice(4)])
      if (!query.includes(secret))
        expect([address, html.includes(secret)]).toEqual([address, false]);
    const isTheirs = address.includes("[id]") || address.endsWith("/result") || isNamed;
    expect([address, response.status()]).toEqual([address, isTheirs ? 404 : 200]);
  }
  const answers = await callRoutes(page.request, theirs, victim.customerKey);
  expect(Object.keys(answers).length).toBeGreaterThan(7);
  for (const [address, { status, location }] of Object.entries(answers)) {
    const isRefused = status === 404 || (status === 303 && !location?.includes("result"));
    expect([address, status, location, isRefused]).toEqual([address, status, location, true]);
  }

  const ownerContext = await browser.newContext();
  await signInOn(ownerContext, victim);
  const owner = await ownerContext.newPage();
  const pressed = await pressEveryButton(owner, page.request);
  expect(pressed.size).toBeGreaterThan(4);
  expect(await rowsOf(victim)).toEqual(before);
  expect(own.subscription).not.toBe(theirs.subscription);
  await ownerContext.close();
});

test("a plain member sees the plan, and may not pay, cancel or manage by any page, route or action", async ({
  page,
  customer: plain,
  browser,
}) => {
  test.setTimeout(180_000);
  const owner = await newPerson();
  const ids = await idsOf(owner);
  await joins(plain, owner, "member");
  await looksAt(page, owner);
  await isManaged(owner);
  const before = await rowsOf(owner);

  for (const address of addressesOf("page.tsx")) {
    if (OWN.has(address) || OF_NOBODY.has(address)) continue;
    const response = await page.request.get(fill(address, ids));
    const html = await response.text();
    expect([address, response.status()]).toEqual([address, 200]);
    expect([address, html.includes(NOT_YOURS)]).toEqual([address, !SEEN_BY_ALL.has(address)]);
    for (const secret of ["29,000", "현대", owner.customerKey])
      expect([address, html.includes(secret)]).toEqual([address, false]);
  }
  const answers = await callRoutes(page.request, ids, owner.customerKey);
  for (const [address, { status, location }] of Object.entries(answers)) {
    if (address === "/checkout/[id]/fail" || address === "/account/card/fail/[[...of]]") continue;
    const isRefused = status === 403 || (status === 303 && !location?.includes("result"));
    expect([address, status, location, isRefused]).toEqual([address, status, location, true]);
  }

  const ownerContext = await browser.newContext();
  await signInOn(ownerContext, owner);
  const ownerPage = await ownerContext.newPage();
  const pressed = await pressEveryButton(ownerPage, page.request);
  expect(pressed.size).toBeGreaterThan(4);
  expect(await rowsOf(owner)).toEqual(before);

  // The same forms, sent by the owner, do what they say: it was the sender that was refused.
  await pressEveryButton(ownerPage, ownerPage.request);
  const after = await rowsOf(owner);
  expect(after.members).toMatchObject([{ role: "owner" }]);
  expect(after.subscriptions).toMatchObject([{ cancelsOn: expect.any(String) }]);
  expect(after.invitations.map(({ id }) => id)).not.toEqual(before.invitations.map(({ id }) => id));
  await ownerContext.close();
});

/** A member and an invitation that waits, so that the buttons about both stand on the owner's page. */
async function isManaged({ accountId }: Person): Promise<void> {
  const at = now();
  const invitation = {
    id: deps().newId("invitation"),
    accountId,
    email: newEmail(),
    role: "member" as const,
    tokenHash: deps().newId("order"),
    createdAt: at,
    expiresAt: new Date(at.getTime() + 7 * 24 * 60 * 60_000),
  };
  await transaction((tx) => insertInvitation(tx, invitation));
  const member = await newPerson();
  await joins(member, { ...member, accountId }, "member");
}
