/** What the price list costs a visitor on a slow line. */
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "./support/test";

/** Of JavaScript, compressed as a CDN sends it. */
const MOST_BYTES = 130_000;

test("the price list ships little JavaScript", async ({ page }, testInfo) => {
  const scripts: Promise<{ sent: number; body: Buffer }>[] = [];
  page.on("response", (response) => {
    const request = response.request();
    if (request.resourceType() !== "script") return;
    const weigh = async () => {
      const [body, sizes] = await Promise.all([response.body(), request.sizes()]);
      return { sent: sizes.responseBodySize, body };
    };
    scripts.push(weigh());
  });
  await page.goto("/pricing", { waitUntil: "networkidle" });
  const weighed = await Promise.all(scripts);
  const sent = sum(weighed.map((script) => script.sent));
  const packed = sum(weighed.map((script) => brotliCompressSync(script.body).length));
  const figure = `${kilobytes(packed)} by brotli, ${kilobytes(sent)} as next start sends it (gzip)`;
  testInfo.annotations.push({ type: "JavaScript of /pricing", description: figure });
  process.stdout.write(`JavaScript of /pricing: ${figure}, ${weighed.length} files\n`);
  expect(weighed.length).toBeGreaterThan(0);
  expect(packed).toBeLessThan(MOST_BYTES);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
