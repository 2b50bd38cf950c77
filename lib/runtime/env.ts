/**
 * The environment, read once and named variable by variable when something is wrong. Nothing else reads process.env.
 *
 * `APP_ENV=sandbox` is the local world with its movable clock; every other deployment is `production`, where a sandbox
 * variable is refused, so that no real customer's day can be moved.
 */
import { isIP } from "node:net";
import { z } from "zod";

const url = z.url({ protocol: /^https?$/, error: "must be a full http:// or https:// address" });
const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

/** Secrets that stand in `.env.example`: whoever knows one can sign in as anybody, or open a stolen billing key. */
const SAMPLE_SECRETS = [
  ["NEXTAUTH_SECRET", "change-me", "openssl rand -base64 32"],
  ["BILLING_KEY_SECRETS", "A".repeat(43), "k1:$(openssl rand -base64 32)"],
] as const;

const Environment = z
  .object({
    APP_ENV: z.enum(["sandbox", "production"]).default("production"),
    APP_URL: url,
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// address"),
    DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
    NEXTAUTH_SECRET: z
      .string()
      .min(32, "must hold at least 32 characters (openssl rand -base64 32)"),
    NEXTAUTH_URL: url,

    TOSS_CLIENT_KEY: z.string().regex(/^(test|live)_ck_/, "must begin with test_ck_ or live_ck_"),
    TOSS_SECRET_KEY: z.string().regex(/^(test|live)_sk_/, "must begin with test_sk_ or live_sk_"),
    TOSS_API_URL: url.default("https://api.tosspayments.com"),
    TOSS_SDK_URL: url.default("https://js.tosspayments.com/v1/payment"),
    TOSS_CALLS_PER_SECOND: z.coerce.number().positive().default(50),
    TOSS_CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(200),
    BILLING_KEY_SECRETS: z
      .string()
      .regex(
        /^[a-z0-9]+:[A-Za-z0-9+/]{43}=(,[a-z0-9]+:[A-Za-z0-9+/]{43}=)*$/,
        "must be name:base64-of-32-bytes, newest first, separated by commas (k1:$(openssl rand -base64 32))",
      ),

    TOSS_SECURITY_KEY: optionalText,
    TOSS_WEBHOOK_ADDRESSES: optionalText
      .transform((text) => text?.split(",").map((address) => address.trim()))
      .refine(
        (addresses) => addresses?.every((address) => isIP(address) > 0) ?? true,
        "must be IP addresses, separated by commas",
      ),

    SANDBOX_CLOCK_FILE: optionalText,
    INNGEST_DEV: optionalText,
    INNGEST_SIGNING_KEY: optionalText,
    INNGEST_DASHBOARD_URL: optionalText.pipe(url.optional()),

    SMTP_URL: optionalText,
    MAIL_FROM: z.string().default("Maedal <no-reply@localhost>"),
    TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(0),

    KAKAO_CLIENT_ID: optionalText,
    KAKAO_CLIENT_SECRET: optionalText,
    NAVER_CLIENT_ID: optionalText,
    NAVER_CLIENT_SECRET: optionalText,
    GOOGLE_CLIENT_ID: optionalText,
    GOOGLE_CLIENT_SECRET: optionalText,

    BUSINESS_NAME: optionalText,
    BUSINESS_REPRESENTATIVE: optionalText,
    BUSINESS_ADDRESS: optionalText,
    BUSINESS_PHONE: optionalText,
    BUSINESS_EMAIL: optionalText,
    BUSINESS_REGISTRATION_NUMBER: optionalText.refine(
      (text) => text === undefined || isBusinessRegistrationNumber(text),
      "must be a business registration number with a valid check digit",
    ),
    BUSINESS_MAIL_ORDER_NUMBER: optionalText,
    BUSINESS_HOSTING_PROVIDER: optionalText,
  })
  .superRefine((env, context) => {
    const refuse = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    const isLiveKey = env.TOSS_SECRET_KEY.startsWith("live_");
    if (isLiveKey !== env.TOSS_CLIENT_KEY.startsWith("live_")) {
      refuse("TOSS_CLIENT_KEY", "and TOSS_SECRET_KEY must both be test keys or both be live keys");
    }
    if (isLiveKey && new URL(env.TOSS_API_URL).origin !== "https://api.tosspayments.com") {
      refuse("TOSS_API_URL", "must be Toss's own address when live keys are set");
    }
    if (isLiveKey && new URL(env.TOSS_SDK_URL).origin !== "https://js.tosspayments.com") {
      refuse("TOSS_SDK_URL", "must be Toss's own address when live keys are set");
    }
    if (env.TOSS_WEBHOOK_ADDRESSES && env.TRUSTED_PROXY_HOPS === 0) {
      refuse(
        "TOSS_WEBHOOK_ADDRESSES",
        "needs TRUSTED_PROXY_HOPS: only a proxy tells where a webhook comes from",
      );
    }
    if (env.APP_ENV === "sandbox") {
      if (isLiveKey) refuse("TOSS_SECRET_KEY", "must not be a live key in the sandbox");
      if (!env.SANDBOX_CLOCK_FILE) refuse("SANDBOX_CLOCK_FILE", "is needed in the sandbox");
      return;
    }
    for (const [name, sample, make] of SAMPLE_SECRETS) {
      if (env[name].includes(sample))
        refuse(name, `is the sample of .env.example, which everybody knows; make one with ${make}`);
    }
    if (env.SANDBOX_CLOCK_FILE)
      refuse("SANDBOX_CLOCK_FILE", "must not be set outside the sandbox (APP_ENV=sandbox)");
    if (!env.SMTP_URL) refuse("SMTP_URL", "is needed to send mail outside the sandbox");
    if (env.INNGEST_DEV)
      refuse("INNGEST_DEV", "must not be set outside the sandbox: in dev mode jobs are not signed");
    if (!env.INNGEST_SIGNING_KEY) refuse("INNGEST_SIGNING_KEY", "is needed outside the sandbox");
  });

export type Env = Readonly<z.infer<typeof Environment>>;

let parsed: Env | undefined;

/** The checked environment. Throws an error that names each missing or bad variable. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const result = Environment.safeParse(source);
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map((problem) => {
    const name = problem.path.join(".");
    return `  ${name}: ${source[name] === undefined ? `is missing${hint(problem)}` : problem.message}`;
  });
  throw new Error(`The environment is not complete:\n${lines.join("\n")}\nSee .env.example.`);
}

function hint(problem: { code: string; message: string }): string {
  return problem.code === "custom" ? ` (${problem.message})` : "";
}

/** The check digit of a Korean business registration number (`000-00-00000`), as the tax office computes it. */
function isBusinessRegistrationNumber(text: string): boolean {
  const digits = text.replaceAll("-", "");
  if (!/^\d{10}$/.test(digits)) return false;
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  const carry = Math.floor((Number(digits[8]) * 5) / 10);
  return (10 - ((sum + carry) % 10)) % 10 === Number(digits[9]);
}
