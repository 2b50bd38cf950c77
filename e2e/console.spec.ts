/** What the console leads to. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { expect, test } from "./support/test";
import { variable } from "./support/world";

test("an operator gets from the console to the runs of the jobs", async ({
  page,
  request,
  customer,
}) => {
  await db().update(users).set({ role: "operator" }).where(eq(users.id, customer.userId));
  await page.goto("/admin");
  const link = page.getByRole("link", { name: "작업 실행 기록" });
  await expect(link).toHaveAttribute("href", variable("INNGEST_DEV"));
  expect((await request.get(variable("INNGEST_DEV"))).ok()).toBe(true);
});
