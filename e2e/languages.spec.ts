/** In either language, on a phone and on a wide screen: every page fits, tears no word apart and speaks one language. */
import { eq } from "drizzle-orm";
import type { Page } from "playwright/test";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { newPerson, orders, type Person, signInOn, subscribes } from "./support/people";
import { expectEnglish, expectReadable } from "./support/reading";
import { expect, test } from "./support/test";
import { move, toss, variable } from "./support/world";

const ACCOUNT = [
  "",
  "/payments",
  "/card",
  "/members",
  "/profile",
  "/security",
  "/consent",
  "/cancel",
].map((path) => `/account${path}`);
const PUBLIC = [
  ...["/", "/pricing", "/pricing?interval=year", "/sign-in", "/sign-up", "/forgot-password"],
  ...["/reset-password?token=none", "/terms", "/privacy", "/refund", "/sandbox", "/nowhere"],
  "/checkout/unavailable?reason=too-many",
];
const CONSOLE = ["/admin", "/admin/payments", "/admin/books", "/admin/webhooks"];

for (const language of ["ko", "en"] as const) {
  test.describe(language, () => {
    test.beforeEach(async ({ context }) => {
      await context.addCookies([{ name: "locale", value: language, url: variable("APP_URL") }]);
    });

    test("what strangers read", { tag: "@phone" }, async ({ page, noise }) => {
      noise.push(/status of 404/);
      await read(page, language, PUBLIC);
    });

    test("what customers read", { tag: "@phone" }, async ({ page, context }) => {
      test.setTimeout(240_000);
      const visit = async (person: Person, paths: readonly string[]) => {
        await signInOn(context, person);
        await read(page, language, paths);
      };
      const nobody = await newPerson();
      await visit(nobody, ACCOUNT);
      expect((await page.getByRole("banner").boundingBox())?.height).toBeLessThan(70);
      const order = await orders(nobody, "basic-year-v1");
      const checkout = `/checkout/${order}`;
      const failed = `${checkout}/failed?reason=amount-differs`;
      await visit(nobody, [checkout, `${checkout}/canceled`, failed, "/account"]);
      const tries = await newPerson();
      const trial = await subscribes(tries, "premium-month-v1");
      await visit(tries, [`/checkout/${trial}/result`, ...ACCOUNT]);
      const pays = await newPerson();
      const paid = await subscribes(pays, "basic-month-v1");
      await visit(pays, [`/checkout/${paid}/result`, ...ACCOUNT]);
      const poor = await newPerson();
      const declined = await subscribes(poor, "basic-month-v1", "short-of-balance");
      await visit(poor, [`/checkout/${declined}`, `/checkout/${declined}/result`, ...ACCOUNT]);
    });

    test.describe("while time goes on", () => {
      test.use({ time: "moves" });

      test("what a customer reads whose card fails", { tag: "@phone" }, async ({
        page,
        customer,
      }) => {
        await subscribes(customer, "basic-month-v1");
        const { customerKey } = customer;
        await toss.addFault({
          kind: "decline",
          code: "INVALID_STOPPED_CARD",
          match: { operation: "charge", customerKey },
        });
        await move("+1month");
        await read(page, language, ACCOUNT);
        await page.goto("/account");
        const reason = language === "ko" ? "정지된 카드라서" : "The card is suspended.";
        await expect(page.getByRole("main")).toContainText(reason);
      });
    });
  });
}

test("the console is Korean, whatever language the operator chose elsewhere", {
  tag: "@phone",
}, async ({ page, context }) => {
  const operator = await newPerson();
  await db().update(users).set({ role: "operator" }).where(eq(users.id, operator.userId));
  await signInOn(context, operator);
  await context.addCookies([{ name: "locale", value: "en", url: variable("APP_URL") }]);
  for (const path of CONSOLE) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    await expect(page.getByRole("banner")).toContainText("요금제");
    await expectReadable(page);
  }
  await page.getByRole("banner").getByRole("link", { name: "요금제" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A plan for the way you work");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("link", { name: "Console" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("오늘 확인할 것");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

async function read(page: Page, language: "ko" | "en", paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expectReadable(page);
    if (language === "en") await expectEnglish(page);
  }
}
