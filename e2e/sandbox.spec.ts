/** The sandbox's own parts: time that can be moved, by a page and a command, and nowhere near production. */
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { formatInstant } from "@/components/sandbox/instant";
import { addDays } from "@/lib/billing/calendar";
import { formatLongDate } from "@/lib/billing/format";
import { subscribes } from "./support/people";
import { findViolations } from "./support/reading";
import { expect, test } from "./support/test";
import { pressInBar, timeBar } from "./support/time-bar";
import { jobs, now, paidAtToss, today, variable } from "./support/world";

const run = promisify(execFile);

test.describe("while time goes on", () => {
  test.use({ time: "moves" });

  test("the page moves the time and lists what happened on the way", { tag: "@phone" }, async ({
    page,
    customer,
  }) => {
    test.setTimeout(360_000);
    await subscribes(customer, "basic-month-v1");
    await page.goto("/account");
    const bar = timeBar(page);
    await expect(bar).toContainText(formatLongDate(today()));
    await bar.getByRole("link", { name: "시간 옮기기" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(formatLongDate(today()));
    const tomorrow = addDays(today(), 1);
    await pressInBar(page, "+1일");
    await expect(page.getByRole("status").filter({ hasText: "다 왔어요" })).toBeVisible({
      timeout: 90_000,
    });
    expect(today()).toBe(tomorrow);

    await pressInBar(page, "다음 결제일까지");
    const happened = page.getByRole("region", { name: "옮기는 동안 일어난 일" });
    // A month, day by day: on a small and busy machine this takes a while.
    await expect(happened.getByRole("listitem").filter({ hasText: "결제됐어요" })).toContainText(
      "9,900원",
      { timeout: 240_000 },
    );
    await expect(bar).toContainText("10:00");
    expect(await paidAtToss(customer)).toHaveLength(2);
  });

  test("the command does the same", async ({ customer }) => {
    await subscribes(customer, "basic-month-v1");
    const shown = await sandbox("clock");
    expect(shown).toContain(formatInstant(now(), "ko").slice(0, -3));
    const told = await sandbox("clock", "+1month");
    expect(told).toContain("결제됐어요 9,900원");
    expect(await paidAtToss(customer)).toHaveLength(2);
    await expect(sandbox("clock", "2020-01-01")).rejects.toThrow("시간은 앞으로만 갑니다");
    await expect(sandbox("clock", "someday")).rejects.toThrow("npm run sandbox -- clock");
  });
});

test("the job runner's pages can be read by everybody, in light and in dark", async ({ page }) => {
  await jobs.fireCron("number-invoices");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(variable("INNGEST_DEV"));
    for (const path of ["the list", "a run"]) {
      const violations = await findViolations(page);
      expect(
        violations.map(({ id, nodes }) => [path, id, ...nodes.map((one) => one.html)]),
      ).toEqual([]);
      if (path === "the list")
        await page
          .getByRole("link", { name: /^maedal-/ })
          .first()
          .click();
    }
  }
});

test("in production there is no sandbox", async ({ page, noise }) => {
  noise.push(/status of 404/);
  const port = await freePort();
  const { SANDBOX_CLOCK_FILE: _, INNGEST_DEV: __, ...rest } = process.env;
  const url = `http://localhost:${port}`;
  const app = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", "-p", `${port}`, "-H", "localhost"],
    {
      env: {
        ...rest,
        NODE_ENV: "production",
        APP_ENV: "production",
        APP_URL: url,
        NEXTAUTH_URL: url,
        SMTP_URL: "smtp://127.0.0.1:1",
        INNGEST_SIGNING_KEY: `signkey-test-${"0".repeat(64)}`,
      },
      stdio: "ignore",
    },
  );
  try {
    await expect
      .poll(
        () =>
          fetch(`${url}/api/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        {
          timeout: 30_000,
        },
      )
      .toBe(200);
    for (const path of ["/sandbox", "/api/sandbox/clock"]) {
      expect((await page.request.get(`${url}${path}`)).status()).toBe(404);
    }
    const moved = await page.request.post(`${url}/api/sandbox/clock`, {
      headers: { origin: url },
      data: { to: "+1year" },
    });
    expect(moved.status()).toBe(404);
    await page.goto(`${url}/sign-in`);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("complementary")).toHaveCount(0);
    await expect(page.getByText("샌드박스에서 바로 들어가기")).toHaveCount(0);
  } finally {
    app.kill("SIGTERM");
  }
});

async function sandbox(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", "sandbox/cli.ts", ...args]);
  return stdout;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
