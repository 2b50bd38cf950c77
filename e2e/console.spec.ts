/** What the console leads to. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema/account";
import { expect, test } from "./support/test";
import { variable } from "./support/world";

test("an operator gets from the console to the runs of the jobs", async ({ page, customer }) => {
  await db().update(users).set({ role: "operator" }).where(eq(users.id, customer.userId));
  await page.goto("/admin");
  await page.getByRole("link", { name: "작업 실행 기록" }).click();
  await expect(page).toHaveURL(`${variable("INNGEST_DEV")}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
