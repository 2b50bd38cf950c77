import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What tells the workers of the browser tests their worlds: JSON, an environment for each worker's parallel index. */
export const WORLDS_VARIABLE = "E2E_WORLDS";

/** Where the parts of one world stand. */
export type Ports = {
  readonly app: number;
  readonly toss: number;
  readonly inngest: number;
  readonly postgres: number;
};

export type WorldPlace = {
  readonly ports: Ports;
  /** The world's own files: clock, secrets, logs, emulator state. */
  readonly dataFolder: string;
  readonly databaseUrl: string;
  /** Address of the Inngest dev server or the local executor. */
  readonly inngestUrl: string;
};

/** What a world's processes find in their environment. */
export type WorldEnvironment = Readonly<
  Record<string, string> & Record<"DATABASE_URL" | "SANDBOX_CLOCK_FILE" | "TOSS_API_URL", string>
>;

// The test merchant that the Toss emulator always knows.
const SANDBOX_CLIENT_KEY = "test_ck_SandboxMaedal0000000000001";
const SANDBOX_SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

/** A made-up seller for the legal footer; the registration number is the customary example with a valid check digit. */
const SANDBOX_BUSINESS = {
  BUSINESS_NAME: "주식회사 매달 (샌드박스)",
  BUSINESS_REPRESENTATIVE: "김매달",
  BUSINESS_ADDRESS: "서울특별시 중구 세종대로 110",
  BUSINESS_PHONE: "02-0000-0000",
  BUSINESS_EMAIL: "help@maedal.kr",
  BUSINESS_REGISTRATION_NUMBER: "1234567891",
  BUSINESS_MAIL_ORDER_NUMBER: "제2026-서울중구-0000호",
  BUSINESS_HOSTING_PROVIDER: "매달 샌드박스",
};

/**
 * What the app and its tools find in the environment of a sandbox world.
 * Whatever the person set themselves wins for Toss keys, log-in providers, mail and the seller's particulars.
 */
export function worldEnvironment(place: WorldPlace, person: Environment): WorldEnvironment {
  const appUrl = `http://localhost:${place.ports.app}`;
  return {
    ...SANDBOX_BUSINESS,
    ...keptSecrets(place.dataFolder),
    ...chosenByPerson(person),
    ...tossMerchant(place.ports.toss, person),
    APP_ENV: "sandbox",
    APP_URL: appUrl,
    NEXTAUTH_URL: appUrl,
    DATABASE_URL: place.databaseUrl,
    SANDBOX_CLOCK_FILE: join(place.dataFolder, "clock.json"),
    INNGEST_DEV: place.inngestUrl,
    INNGEST_DASHBOARD_URL: place.inngestUrl,
    PORT: String(place.ports.app),
    TOSS_PORT: String(place.ports.toss),
    INNGEST_PORT: String(place.ports.inngest),
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** Keys made on the first start of a data folder and kept, since sessions and stored billing keys depend on them. */
function keptSecrets(dataFolder: string): Record<string, string> {
  const file = join(dataFolder, "env.json");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const secrets = {
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    BILLING_KEY_SECRETS: `k1:${randomBytes(32).toString("base64")}`,
  };
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function chosenByPerson(person: Environment): Record<string, string> {
  const prefixes = ["BUSINESS_", "KAKAO_", "NAVER_", "GOOGLE_", "SMTP_", "MAIL_"];
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(person)) {
    if (value && prefixes.some((prefix) => name.startsWith(prefix))) chosen[name] = value;
  }
  return chosen;
}

/** A key pair the person brought, at Toss itself unless they say where; else the emulator's. */
function tossMerchant(emulatorPort: number, person: Environment) {
  const emulator = `http://localhost:${emulatorPort}`;
  const { TOSS_CLIENT_KEY, TOSS_SECRET_KEY } = person;
  if (!TOSS_CLIENT_KEY || !TOSS_SECRET_KEY) {
    return {
      TOSS_CLIENT_KEY: SANDBOX_CLIENT_KEY,
      TOSS_SECRET_KEY: SANDBOX_SECRET_KEY,
      TOSS_API_URL: emulator,
      TOSS_SDK_URL: `${emulator}/v1/payment`,
    };
  }
  return {
    TOSS_CLIENT_KEY,
    TOSS_SECRET_KEY,
    TOSS_API_URL: person.TOSS_API_URL ?? "https://api.tosspayments.com",
    TOSS_SDK_URL: person.TOSS_SDK_URL ?? "https://js.tosspayments.com/v1/payment",
  };
}
