import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

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

/** The test merchant that the Toss emulator always knows. */
export const SANDBOX_CLIENT_KEY = "test_ck_SandboxMaedal0000000000001";
export const SANDBOX_SECRET_KEY = "test_sk_SandboxMaedal0000000000001";

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
export function worldEnvironment(place: WorldPlace, person: Environment): Record<string, string> {
  const appUrl = `http://localhost:${place.ports.app}`;
  const tossUrl = `http://localhost:${place.ports.toss}`;
  const isRealToss = Boolean(person.TOSS_CLIENT_KEY && person.TOSS_SECRET_KEY);
  const toss: Record<string, string> = isRealToss
    ? {}
    : {
        TOSS_CLIENT_KEY: SANDBOX_CLIENT_KEY,
        TOSS_SECRET_KEY: SANDBOX_SECRET_KEY,
        TOSS_API_URL: tossUrl,
        TOSS_SDK_URL: `${tossUrl}/v1/payment`,
      };
  return {
    ...SANDBOX_BUSINESS,
    ...keptSecrets(place.dataFolder),
    ...chosenByPerson(person, isRealToss),
    ...toss,
    APP_ENV: "sandbox",
    APP_URL: appUrl,
    NEXTAUTH_URL: appUrl,
    DATABASE_URL: place.databaseUrl,
    SANDBOX_CLOCK_FILE: join(place.dataFolder, "clock.json"),
    INNGEST_DEV: place.inngestUrl,
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

function chosenByPerson(person: Environment, isRealToss: boolean): Record<string, string> {
  const prefixes = ["BUSINESS_", "KAKAO_", "NAVER_", "GOOGLE_", "SMTP_", "MAIL_"];
  if (isRealToss) prefixes.push("TOSS_");
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(person)) {
    const isPort = name === "TOSS_PORT";
    if (value && !isPort && prefixes.some((prefix) => name.startsWith(prefix))) {
      chosen[name] = value;
    }
  }
  return chosen;
}
