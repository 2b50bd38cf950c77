/** What the first page costs a visitor on a slow line, in bytes as `next start` sends them. */
import { orders } from "./support/people";
import { expect, test } from "./support/test";
import { type Weight, weigh } from "./support/weigh";

const MOST_SCRIPT_BYTES = 130_000;
const MOST_FONT_BYTES = 120_000;

test("a visitor's first look at the prices is light", async ({ page }) => {
  const weightOf = await weigh(page, "/pricing");
  isLight(await weightOf("script"), MOST_SCRIPT_BYTES);
  const font = await weightOf("font");
  isLight(font, MOST_FONT_BYTES);
  expect(font.files, "one file holds every character of our own texts").toHaveLength(1);
});

test("so is a customer's on the account and an order", async ({ page, customer }) => {
  const checkoutId = await orders(customer, "basic-month-v1");
  for (const path of ["/account", `/checkout/${checkoutId}`]) {
    const fresh = await page.context().newPage();
    const weightOf = await weigh(fresh, path);
    isLight(await weightOf("script"), MOST_SCRIPT_BYTES);
    isLight(await weightOf("font"), MOST_FONT_BYTES);
    await fresh.close();
  }
});

test("a syllable that none of our texts has comes in a file of its own", async ({
  page,
  customer: _,
}) => {
  const weightOf = await weigh(page, "/account/profile");
  expect((await weightOf("font")).files).toHaveLength(1);
  const more = page.waitForResponse(/PretendardVariable\.subset/);
  await page.getByLabel("이름").fill("뷁");
  expect((await more).ok()).toBe(true);
});

test("a browser that reads no brotli gets the same script", async ({ page, request }) => {
  const weightOf = await weigh(page, "/pricing");
  const [script = ""] = (await weightOf("script")).files;
  const packed = await request.get(script, { headers: { "accept-encoding": "gzip, br" } });
  const plain = await request.get(script, { headers: { "accept-encoding": "gzip" } });
  expect(packed.headers()["content-encoding"]).toBe("br");
  expect(plain.headers()["content-encoding"]).not.toBe("br");
  for (const response of [packed, plain]) {
    expect(response.headers()["content-type"]).toContain("javascript");
    expect(response.headers().vary?.toLowerCase()).toContain("accept-encoding");
  }
  expect(await plain.text()).toBe(await packed.text());
});

function isLight({ bytes, files }: Weight, mostBytes: number): void {
  expect(files).not.toEqual([]);
  expect(bytes).toBeLessThan(mostBytes);
}
