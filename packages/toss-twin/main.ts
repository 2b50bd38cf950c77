#!/usr/bin/env node
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { defaultMerchant, startTossEmulator, type TossEmulatorOptions } from "./emulator";
import type { Merchant } from "./world";

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? sentenceOf(error) : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "3001" },
      host: { type: "string", default: "127.0.0.1" },
      state: { type: "string" },
      "clock-file": { type: "string" },
      "time-page": { type: "string" },
      merchant: { type: "string", multiple: true, default: [] },
      webhook: { type: "string", multiple: true, default: [] },
      "slow-ms": { type: "string" },
      "latency-ms": { type: "string" },
      public: { type: "boolean", default: false },
    },
  });
  if (!/^(127\.0\.0\.1|localhost|::1)$/.test(values.host) && !values.public) {
    throw new Error(
      `--host ${values.host} would open the emulator to others; add --public if you mean it.`,
    );
  }
  if (values.state !== undefined) {
    mkdirSync(path.dirname(path.resolve(values.state)), { recursive: true });
  }
  const clockFile = values["clock-file"];
  const merchants = [defaultMerchant, ...values.merchant.map(parseMerchant)];
  for (const field of ["mId", "clientKey", "secretKey"] as const) {
    if (new Set(merchants.map((merchant) => merchant[field])).size < merchants.length)
      throw new Error(`--merchant names a ${field} that another merchant has.`);
  }
  const slowMs = wholeNumber("--slow-ms", values["slow-ms"]);
  const latencyMs = wholeNumber("--latency-ms", values["latency-ms"]);
  const emulator = await startTossEmulator({
    port: wholeNumber("--port", values.port) ?? 3001,
    host: values.host,
    stateFile: values.state,
    ...(clockFile === undefined ? {} : clockOf(clockFile)),
    timePage: parseTimePage(values["time-page"]),
    merchants,
    webhooks: values.webhook.map((text) => parseWebhook(text, merchants)),
    settings: {
      ...(slowMs === undefined ? {} : { slowMs }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    },
  });
  console.log(`toss emulator listening on ${emulator.url}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void emulator.close();
    });
  }
}

function clockOf(file: string): Pick<TossEmulatorOptions, "clock" | "moveClock"> {
  return {
    clock: () => readClockFile(file),
    moveClock: (to) => moveClockFile(file, new Date(to)),
  };
}

function parseTimePage(text: string | undefined): string | undefined {
  if (text !== undefined && !(/^https?:\/\//.test(text) && URL.canParse(text)))
    throw new Error(`--time-page must be the http address of a page, not "${text}".`);
  return text;
}

/** mId:clientKey:secretKey, optionally followed by the API version of the key. */
function parseMerchant(text: string): Merchant {
  const [mId = "", clientKey = "", secretKey = "", apiVersion = "2022-11-16"] = text.split(":");
  if (text.includes("live_")) {
    throw new Error("--merchant got a live key; the emulator takes test_ keys only.");
  }
  if (
    !/^\w{1,14}$/.test(mId) ||
    !clientKey.startsWith("test_ck_") ||
    !secretKey.startsWith("test_sk_") ||
    (apiVersion !== "2022-11-16" && apiVersion !== "2024-06-01")
  ) {
    throw new Error(
      "--merchant must be mId:test_ck_…:test_sk_…, optionally :2024-06-01 behind it.",
    );
  }
  return { mId, clientKey, secretKey, apiVersion };
}

/** [mId=]URL: without a merchant it is the first one's. */
function parseWebhook(text: string, merchants: readonly Merchant[]): { mId: string; url: string } {
  const [, mId = defaultMerchant.mId, url = ""] =
    /^(?:(\w{1,14})=)?(https?:\/\/.+)$/.exec(text) ?? [];
  if (!URL.canParse(url) || !merchants.some((merchant) => merchant.mId === mId)) {
    throw new Error(
      `--webhook must be [mId=]http://…, with a merchant of this emulator, not "${text}".`,
    );
  }
  return { mId, url };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}".`);
  return Number(text);
}

function sentenceOf(error: Error): string {
  const isPortTaken = "code" in error && error.code === "EADDRINUSE";
  return isPortTaken
    ? `The Toss emulator's port is already taken. (${error.message})`
    : error.message;
}
