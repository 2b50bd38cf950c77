/** What a page costs a visitor who has nothing of it yet, in bytes as the server sends them. */
import type { Page, Response } from "playwright/test";

export type Weight = { readonly bytes: number; readonly files: readonly string[] };

/** Opens `url` on a page of a fresh browser context. Leaves out what comes from Toss. */
export async function weigh(page: Page, url: string): Promise<(type: string) => Promise<Weight>> {
  const responses: Response[] = [];
  page.on("response", (response) => responses.push(response));
  await page.goto(url, { waitUntil: "networkidle" });
  await page.evaluate(() => document.fonts.ready);
  const { origin } = new URL(page.url());
  return async (type) => {
    const own = responses.filter(
      (response) => response.request().resourceType() === type && response.url().startsWith(origin),
    );
    const sizes = await Promise.all(own.map((response) => response.request().sizes()));
    return {
      bytes: sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0),
      files: own.map((response) => new URL(response.url()).pathname),
    };
  };
}
