import type { Page } from "playwright/test";

/** Presses Tab until the focus is on what has this name. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    const text = await focused.evaluate((element) =>
      element instanceof HTMLInputElement
        ? (element.labels?.[0]?.textContent ?? "")
        : (element.textContent ?? ""),
    );
    if (typeof name === "string" ? text.trim() === name : name.test(text.trim())) return;
  }
  throw new Error(`Nothing named ${name} was reached by Tab`);
}
