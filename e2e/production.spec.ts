/** A server as it is installed: the build and the packages of production alone, from the first migration on. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import postgres from "postgres";
import { findFreePorts } from "@/sandbox/world/ports";
import { answers, type Child, startChild, waitUntilReady } from "@/sandbox/world/processes";
import { installForProduction } from "./support/artefact";
import { expect, test } from "./support/test";
import { variable } from "./support/world";

const DATABASE = `production_${process.pid}`;

// One server for both tests: it takes longer to install than to look at.
test.describe.configure({ mode: "default" });

let folder: string;
let environment: Record<string, string>;
let server: Child | undefined;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "maedal-production-"));
  installForProduction(folder);
  const admin = postgres(variable("DATABASE_URL"), { max: 1 });
  await admin`create database ${admin(DATABASE)}`;
  await admin.end();
  const appUrl = `http://localhost:${(await findFreePorts()).app}`;
  environment = {
    // Without the programs of this clone, which npm puts in front.
    PATH: variable("PATH")
      .split(delimiter)
      .filter((place) => !place.includes("node_modules"))
      .join(delimiter),
    HOME: folder,
    NEXT_TELEMETRY_DISABLED: "1",
    APP_ENV: "production",
    APP_URL: appUrl,
    NEXTAUTH_URL: appUrl,
    NEXTAUTH_SECRET: "a secret of a server that is gone in a minute",
    DATABASE_URL: new URL(`/${DATABASE}`, variable("DATABASE_URL")).href,
    TOSS_CLIENT_KEY: variable("TOSS_CLIENT_KEY"),
    TOSS_SECRET_KEY: variable("TOSS_SECRET_KEY"),
    // The test's own world is on the same PostgreSQL.
    DATABASE_POOL: "4",
    BILLING_KEY_SECRETS: variable("BILLING_KEY_SECRETS"),
    INNGEST_SIGNING_KEY: "signkey-prod-0123456789abcdef0123456789abcdef",
    INNGEST_EVENT_KEY: "event-key",
    SMTP_URL: "smtp://127.0.0.1:1",
  };
});

test.afterEach(async ({ browserName: _ }, testInfo) => {
  const path = join(folder, "server.log");
  if (testInfo.status !== testInfo.expectedStatus && existsSync(path))
    await testInfo.attach("server.log", { path, contentType: "text/plain" });
});

test.afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  const admin = postgres(variable("DATABASE_URL"), { max: 1 });
  await admin`drop database if exists ${admin(DATABASE)} with (force)`;
  await admin.end();
});

test("a new server is migrated, seeded and started, and its first owner let in", async ({
  page,
}) => {
  test.slow();
  expect(existsSync(join(folder, "node_modules/tsx")), "no packages of development").toBe(false);
  expect(npm("run", "db:migrate")).toMatchObject({ code: 0 });
  expect(npm("run", "db:seed")).toMatchObject({ code: 0 });
  expect(npm("run", "maedal", "--", "operator", "list").output).toContain(
    "There are no operators.",
  );

  const owner = "owner@example.com";
  const added = npm("run", "maedal", "--", "operator", "add", owner, "--role", "owner");
  expect(added).toMatchObject({ code: 0 });
  const [link = ""] = /http:\/\/\S+\/reset-password\?token=\S+/.exec(added.output) ?? [];
  expect(npm("run", "maedal", "--", "operator", "remove", owner)).toMatchObject({
    code: 1,
    output: expect.stringContaining("[last-operator]"),
  });

  await start();
  await page.goto(link);
  await page.getByLabel("새 비밀번호").fill("이 서버의 첫 비밀번호");
  await page.getByRole("button", { name: "비밀번호 바꾸기" }).click();
  await page.waitForURL("**/sign-in**");
  await page.goto(`${environment.APP_URL}/sign-in?next=/admin`);
  await page.getByLabel("이메일").fill(owner);
  await page.getByLabel("비밀번호").fill("이 서버의 첫 비밀번호");
  await page.getByRole("button", { name: "로그인", exact: true }).click();
  await page.waitForURL("**/admin");
  await expect(page.getByRole("link", { name: "웹훅" })).toBeVisible();
  await expect(page.getByRole("link", { name: "작업 실행 기록" })).toHaveCount(0);
  await expect(page.getByText("지금 확인할 일이 없어요")).toBeVisible();
  expect(npm("run", "maedal", "--", "operator", "list").output).toContain(`owner     ${owner}`);
});

test("a tool of development installs nothing on a server", () => {
  const { code, output } = npm("run", "sandbox", "--", "clock");
  expect(code).toBe(1);
  expect(output).toContain("tool for development");
  expect(existsSync(join(folder, "node_modules/tsx"))).toBe(false);
});

/** Runs npm as somebody on the server would, and tells how it ended and what it said. */
function npm(...args: readonly string[]): { code: number | null; output: string } {
  const answer = spawnSync("npm", args, {
    cwd: folder,
    env: processEnvironment(),
    encoding: "utf8",
  });
  return { code: answer.status, output: answer.stdout + answer.stderr };
}

async function start(): Promise<void> {
  const { port } = new URL(environment.APP_URL ?? "");
  server = await startChild({
    name: "The server",
    command: "npm",
    args: ["start", "--", "-p", port],
    env: processEnvironment(),
    cwd: folder,
    logFile: join(folder, "server.log"),
  });
  await waitUntilReady(server, () => answers(`${environment.APP_URL}/api/health`), 60_000);
}

function processEnvironment(): NodeJS.ProcessEnv {
  return { ...environment, NODE_ENV: "production" };
}
