/** On a phone: what one came for is within reach, and a press is answered at once. */
import type { Page } from "playwright/test";
import { orders, subscribes } from "./support/people";
import { expect, test } from "./support/test";

test("the amount and the pay button are on the screen from the start, and hide nothing the keyboard reaches", {
  tag: "@phone",
}, async ({ page, customer }) => {
  await page.goto(`/checkout/${await orders(customer, "basic-month-v1")}`);
  const pay = page.getByRole("button", { name: "9,900원 결제하고 시작하기" });
  const height = page.viewportSize()?.height ?? 0;
  if (height > (page.viewportSize()?.width ?? 0)) {
    await expect(pay).toBeInViewport({ ratio: 1 });
    await expect(page.getByText("오늘 결제할 금액").last()).toBeInViewport();
  }
  let reached = 0;
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(() => document.activeElement?.closest("main")))) continue;
    reached++;
    expect(await page.evaluate(isFocusSeen), await focused(page)).toBe(true);
  }
  expect(reached).toBeGreaterThan(4);
});

test("the sandbox's bar is one line until it is unfolded", { tag: "@phone" }, async ({ page }) => {
  await page.goto("/pricing");
  const bar = page.getByRole("complementary", { name: "샌드박스 시간" });
  const unfold = bar.getByRole("button", { name: "옮길 만큼 고르기" });
  if (await unfold.isHidden()) return;
  expect((await bar.boundingBox())?.height).toBeLessThan(56);
  await expect(bar.getByRole("button", { name: "+1일" })).toBeHidden();
  await unfold.press("Enter");
  await expect(unfold).toHaveAttribute("aria-expanded", "true");
  await expect(bar.getByRole("button", { name: "+1일" })).toBeVisible();
});

test("a pressed tab or link shows at once that its page is on the way", { tag: "@phone" }, async ({
  page,
  customer,
}) => {
  await subscribes(customer, "basic-month-v1");
  const pending = page.locator("[data-pending]");
  for (const name of ["결제 내역", "해지하기"]) {
    await page.goto("/account", { waitUntil: "networkidle" });
    const answer = await holdNextPage(page);
    const links = page.getByRole("main").getByRole("link", { name, exact: true });
    await links.first().click();
    await expect(pending).toBeVisible();
    answer();
    await expect(pending).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  }
});

test("so does one that leaves by a full load, and a form that makes an order", async ({
  page,
  customer,
}) => {
  await page.addInitScript(() => {
    const note = () => {
      if (document.querySelector("[data-pending]")) sessionStorage.setItem("pending", "seen");
    };
    new MutationObserver(note).observe(document, { childList: true, subtree: true });
  });
  const wasPending = () =>
    page.evaluate(() => {
      const seen = sessionStorage.getItem("pending");
      sessionStorage.removeItem("pending");
      return seen;
    });
  await page.goto("/account", { waitUntil: "networkidle" });
  expect(await wasPending()).toBeNull();
  await page.getByRole("link", { name: "결제수단" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("결제수단");
  expect(await wasPending()).toBe("seen");

  await page.goto("/pricing", { waitUntil: "networkidle" });
  await page.getByRole("button", { name: "BASIC 시작하기" }).click();
  await page.waitForURL("**/checkout/chk_*");
  expect(await wasPending()).toBe("seen");
  expect(customer.name).not.toBe("");
});

/** Keeps the server's answers from the page until the returned function is called. */
async function holdNextPage(page: Page): Promise<() => void> {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/account/**", async (route) => {
    await answered;
    await route.continue();
  });
  return answer;
}

/** Runs in the page: whether the middle of what has the focus is covered by nothing. */
function isFocusSeen(): boolean {
  const element = document.activeElement;
  if (!element) return false;
  const { left, top, width, height } = element.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return element === seen || element.contains(seen) || (seen?.contains(element) ?? false);
}

async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? "nothing");
}
