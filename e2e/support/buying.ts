/** The steps of buying, as a customer takes them in the browser. */
import { expect, type FrameLocator, type Locator, type Page } from "playwright/test";

/** Presses a plan's button on the price list and arrives at its order page; returns the order's id. */
export async function order(page: Page, button: string, interval = "month"): Promise<string> {
  await page.goto(`/pricing?interval=${interval}`);
  await page.getByRole("button", { name: button }).click();
  await page.waitForURL("**/checkout/chk_*");
  return orderId(page);
}

export function orderId(page: Page): string {
  return /\/checkout\/(chk_[0-9a-f]+)/.exec(page.url())?.[1] ?? "";
}

/** Ticks what must be ticked; nothing was ticked before. */
export async function agree(page: Page): Promise<void> {
  const boxes = page.getByRole("checkbox");
  // A page on its way has none yet.
  await expect(boxes).not.toHaveCount(0);
  for (const box of await boxes.all()) {
    await expect(box).not.toBeChecked();
    await box.check();
  }
}

/** A button that hears: a page can be read, and pressed in vain, a moment before its script has taken it over. */
export async function awake(button: Locator): Promise<Locator> {
  const isTakenOver = () =>
    button.evaluate((element) => Object.keys(element).some((key) => key.startsWith("__react")));
  await expect.poll(isTakenOver).toBe(true);
  return button;
}

/** Agrees and opens the Toss window by the page's button. */
export async function openWindow(page: Page, button: string): Promise<Page | FrameLocator> {
  const press = await awake(page.getByRole("button", { name: button }));
  await agree(page);
  await press.click();
  return tossWindow(page);
}

/** The Toss window: over the page on wide screens, in its place on narrow ones. */
export async function tossWindow(page: Page): Promise<Page | FrameLocator> {
  if (isWide(page)) {
    const frame = page.frameLocator("iframe[title='결제창']");
    await expect(frame.getByRole("main")).toBeVisible();
    return frame;
  }
  await page.waitForURL("**/window/*");
  return page;
}

/** Chooses a card by its label and sends the window's form. */
export async function chooseCard(window: Page | FrameLocator, label: string): Promise<void> {
  await window.getByRole("radio", { name: label, exact: true }).check();
  await window.getByRole("button", { name: /카드 등록하기|결제하기/ }).click();
}

/** What a page tells after something was done; a waiting button's own words are a status too. */
export function said(page: Page, words: string): Locator {
  return page.getByRole("status").filter({ hasText: words });
}

/** Whether the screen is so wide that Toss opens its window over the page. */
export function isWide(page: Page): boolean {
  return (page.viewportSize()?.width ?? 0) >= 768;
}
