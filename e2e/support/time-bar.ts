/** The bar of the sandbox's time, which a phone shows folded. */
import type { Locator, Page } from "playwright/test";
import { awake } from "./buying";

export function timeBar(page: Page, name = "샌드박스 시간"): Locator {
  return page.getByRole("complementary", { name });
}

/** Presses one of the bar's buttons, unfolding it first where it is folded. */
export async function pressInBar(page: Page, name: string): Promise<void> {
  const bar = timeBar(page);
  const unfold = bar.getByRole("button", { name: "옮길 만큼 고르기", expanded: false });
  if (await unfold.isVisible()) await (await awake(unfold)).click();
  await (await awake(bar.getByRole("button", { name }))).click();
}
