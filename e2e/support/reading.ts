/** What a reader would stumble over on a page, found by measuring it. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "playwright/test";
import { PERSON_NAME } from "./people";

/** The page fits its width, and no line begins in the middle of a word or with a word's particle. */
export async function expectReadable(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const where = page.url();
  expect(await page.evaluate(findTornWords), `words torn apart on ${where}`).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** What axe finds wrong with a page, by all its rules or by some. It describes nothing else, which takes as long again. */
export async function findViolations(page: Page, rules: readonly string[] = []) {
  await page.evaluate(endTransitions);
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  if (rules.length > 0) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  return violations;
}

/** Everything is said in English but what the seller and the person are called, and where the seller is. */
export async function expectEnglish(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  const ofSeller = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith("BUSINESS_") && value ? [value] : [],
  );
  const korean = await page.evaluate(findKorean, [...ofSeller, PERSON_NAME]);
  expect(korean, `Korean left on ${page.url()}`).toEqual([]);
}

/** Runs in the page. A colour that is changing has the contrast of neither. */
async function endTransitions(): Promise<void> {
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(transitions.map((one) => one.finished));
}

/** Runs in the page. */
function findTornWords(): readonly string[] {
  // A long address has to break somewhere.
  const fitsALine = (node: Node, text: string, at: number) => {
    const range = document.createRange();
    range.setStart(node, text.slice(0, at).search(/\S*$/));
    range.setEnd(node, at + text.slice(at).search(/(?!\S)/));
    const width = [...range.getClientRects()].reduce((sum, line) => sum + line.width, 0);
    let block = node.parentElement;
    while (block && getComputedStyle(block).display.startsWith("inline"))
      block = block.parentElement;
    return width <= (block?.clientWidth ?? 0);
  };
  const torn: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const text = node.textContent ?? "";
    const around = node.parentElement;
    if (!around || around.closest("script, style, noscript, pre")) continue;
    // Codes, ids and addresses are meant to break anywhere.
    if (getComputedStyle(around).wordBreak === "break-all") continue;
    const range = document.createRange();
    let bottom = Number.POSITIVE_INFINITY;
    for (const { index, 0: letter } of text.matchAll(/\S/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + letter.length);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      // A line may begin behind a space, a dash or a slash, and with a bracket that opens.
      const isInWord = index > 0 && /[^\s\-–—/]/.test(text.charAt(index - 1)) && letter !== "(";
      if (isInWord && box.top >= bottom && fitsALine(node, text, index))
        torn.push(`${text.slice(Math.max(0, index - 20), index)}|${text.slice(index, index + 10)}`);
      bottom = box.bottom;
    }
  }
  return torn;
}

/** Runs in the page. */
function findKorean(names: readonly string[]): readonly string[] {
  const korean: string[] = [];
  const note = (element: Element | null, words: string | null) => {
    const language = element?.closest("[lang]")?.getAttribute("lang");
    const ours = names.reduce((rest, name) => rest.replaceAll(name, ""), words ?? "");
    if (language !== "ko" && /[가-힣]/.test(ours)) korean.push(ours.trim());
  };
  note(document.documentElement, document.title);
  for (const element of document.body.querySelectorAll("*"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      note(element, element.getAttribute(name));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode())
    if (!node.parentElement?.closest("script, style")) note(node.parentElement, node.textContent);
  return korean;
}
