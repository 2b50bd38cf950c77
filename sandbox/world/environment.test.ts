import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseEnv } from "@/lib/runtime/env";
import { worldEnvironment } from "./environment";

let dataFolder: string;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "maedal-environment-"));
});

afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

test("the app accepts the sandbox's environment as it is", () => {
  expect(parseEnv(world())).toMatchObject({ APP_ENV: "sandbox", APP_URL: "http://localhost:3000" });
});

test("secrets are made once, kept, and closed to others", () => {
  const first = world();
  const second = world();
  expect(second.NEXTAUTH_SECRET).toBe(first.NEXTAUTH_SECRET);
  expect(second.BILLING_KEY_SECRETS).toBe(first.BILLING_KEY_SECRETS);
  expect(statSync(join(dataFolder, "env.json")).mode & 0o077).toBe(0);
});

test("a test key pair of one's own goes to Toss itself", () => {
  const environment = world({ TOSS_CLIENT_KEY: "test_ck_mine", TOSS_SECRET_KEY: "test_sk_mine" });
  expect(environment).toMatchObject({
    TOSS_CLIENT_KEY: "test_ck_mine",
    TOSS_API_URL: "https://api.tosspayments.com",
    TOSS_SDK_URL: "https://js.tosspayments.com/v1/payment",
  });
});

test("half a key pair is no key pair: the emulator's is used", () => {
  expect(world({ TOSS_CLIENT_KEY: "test_ck_mine" })).toMatchObject({
    TOSS_CLIENT_KEY: "test_ck_SandboxMaedal0000000000001",
    TOSS_API_URL: "http://localhost:3001",
  });
});

test("the person's own log-in providers and particulars are handed through, nothing else", () => {
  const person = { KAKAO_CLIENT_ID: "mine", BUSINESS_NAME: "우리 회사", APP_ENV: "production" };
  expect(world(person)).toMatchObject({
    KAKAO_CLIENT_ID: "mine",
    BUSINESS_NAME: "우리 회사",
    APP_ENV: "sandbox",
  });
});

function world(person: Readonly<Record<string, string>> = {}) {
  return worldEnvironment(
    {
      ports: { app: 3000, toss: 3001, inngest: 8288, postgres: 5433 },
      dataFolder,
      databaseUrl: "postgres://maedal@127.0.0.1:5433/maedal",
      inngestUrl: "http://localhost:8288",
    },
    person,
  );
}
