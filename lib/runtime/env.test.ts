import { describe, expect, test } from "vitest";
import { parseEnv } from "./env";

type Source = Readonly<Record<string, string | undefined>>;

const KEY = "0123456789012345678901234567890123456789012=";

const needed: Source = {
  APP_URL: "https://maedal.example",
  DATABASE_URL: "postgres://maedal@localhost:5433/maedal",
  NEXTAUTH_SECRET: "a-secret-of-at-least-32-characters",
  NEXTAUTH_URL: "https://maedal.example",
  TOSS_CLIENT_KEY: "test_ck_SandboxMaedal0000000000001",
  TOSS_SECRET_KEY: "test_sk_SandboxMaedal0000000000001",
  BILLING_KEY_SECRETS: `k1:${KEY}`,
};
const sandbox: Source = {
  ...needed,
  APP_ENV: "sandbox",
  TOSS_API_URL: "http://localhost:3001",
  TOSS_SDK_URL: "http://localhost:3001/v1/payment",
  SANDBOX_CLOCK_FILE: ".sandbox/clock.json",
  INNGEST_DEV: "http://localhost:8288",
};
const production: Source = {
  ...needed,
  APP_ENV: "production",
  TOSS_CLIENT_KEY: "live_ck_Invented00000000000000001",
  TOSS_SECRET_KEY: "live_sk_Invented00000000000000001",
  SMTP_URL: "smtp://mail.example",
  INNGEST_SIGNING_KEY: "signkey-prod-invented",
};

describe("the environment is taken", () => {
  test("in the sandbox", () => {
    expect(parseEnv(sandbox)).toMatchObject({ APP_ENV: "sandbox", DATABASE_POOL: 10 });
  });

  test("in production, with Toss at its own address unless said otherwise", () => {
    expect(parseEnv(production)).toMatchObject({
      APP_ENV: "production",
      TOSS_API_URL: "https://api.tosspayments.com",
      TOSS_SDK_URL: "https://js.tosspayments.com/v1/payment",
    });
  });

  test("as production when it does not say what it is", () => {
    expect(parseEnv({ ...production, APP_ENV: undefined }).APP_ENV).toBe("production");
  });

  test("with numbers read, empty texts as missing, and old keys behind new ones", () => {
    const env = parseEnv({
      ...sandbox,
      DATABASE_POOL: "25",
      SMTP_URL: "",
      INNGEST_DASHBOARD_URL: "",
      KAKAO_CLIENT_ID: "",
      BILLING_KEY_SECRETS: `k2:${KEY},k1:${KEY}`,
    });
    expect(env).toMatchObject({ DATABASE_POOL: 25, SMTP_URL: undefined });
    expect(env.KAKAO_CLIENT_ID).toBeUndefined();
    expect(env.INNGEST_DASHBOARD_URL).toBeUndefined();
  });

  test("once and for all: nothing can be changed in it", () => {
    expect(Object.isFrozen(parseEnv(sandbox))).toBe(true);
  });
});

describe("what is missing is named:", () => {
  test.each(Object.keys(needed))("%s", (name) => {
    for (const whole of [sandbox, production]) {
      expect(problems({ ...whole, [name]: undefined })).toEqual([`${name}: is missing`]);
    }
  });

  test("all of it at once", () => {
    expect(problems({})).toEqual(Object.keys(needed).map((name) => `${name}: is missing`));
  });

  test.each([
    ["SANDBOX_CLOCK_FILE", sandbox, "is missing (is needed in the sandbox)"],
    ["SMTP_URL", production, "is missing (is needed to send mail outside the sandbox)"],
    ["INNGEST_SIGNING_KEY", production, "is missing (is needed outside the sandbox)"],
  ])("%s, and where it is needed", (name, whole, problem) => {
    expect(problems({ ...whole, [name]: undefined })).toEqual([`${name}: ${problem}`]);
  });
});

describe("what is wrong is named, and never repeated aloud:", () => {
  test.each([
    ["APP_ENV", "staging"],
    ["APP_URL", "maedal.example"],
    ["DATABASE_URL", "mysql://root:hunter2@localhost/maedal"],
    ["DATABASE_POOL", "0"],
    ["DATABASE_POOL", "many"],
    ["DATABASE_POOL", "2.5"],
    ["NEXTAUTH_SECRET", "hunter2"],
    ["NEXTAUTH_URL", "not an address"],
    ["TOSS_CLIENT_KEY", "test_gck_widget_key"],
    ["TOSS_CLIENT_KEY", "test_sk_the_secret_one_by_mistake"],
    ["TOSS_SECRET_KEY", "test_ck_the_public_one_by_mistake"],
    ["TOSS_SECRET_KEY", "test_gsk_widget_key"],
    ["TOSS_API_URL", "api.tosspayments.com"],
    ["TOSS_API_URL", ""],
    ["TOSS_SDK_URL", "no address"],
    ["BILLING_KEY_SECRETS", KEY],
    ["BILLING_KEY_SECRETS", "k1:dG9vIHNob3J0"],
    ["BILLING_KEY_SECRETS", `k1:${KEY},`],
    ["BILLING_KEY_SECRETS", `k1:${KEY} ,k0:${KEY}`],
    ["INNGEST_DASHBOARD_URL", "javascript:alert(1)"],
    ["INNGEST_DASHBOARD_URL", "app.inngest.com"],
    ["TRUSTED_PROXY_HOPS", "-1"],
    ["TRUSTED_PROXY_HOPS", "6"],
  ])("%s=%s", (name, value) => {
    const [problem, ...others] = problems({ ...sandbox, [name]: value });
    expect(problem).toMatch(new RegExp(`^${name}: .+`));
    expect(others).toEqual([]);
    if (value.length > 6) expect(problem).not.toContain(value);
  });
});

describe("the sandbox and the real world are kept apart:", () => {
  test("no movable clock in production", () => {
    expect(problems({ ...production, SANDBOX_CLOCK_FILE: ".sandbox/clock.json" })).toEqual([
      "SANDBOX_CLOCK_FILE: must not be set outside the sandbox (APP_ENV=sandbox)",
    ]);
    expect(
      problems({ ...production, APP_ENV: undefined, SANDBOX_CLOCK_FILE: "clock.json" }),
    ).toEqual(["SANDBOX_CLOCK_FILE: must not be set outside the sandbox (APP_ENV=sandbox)"]);
  });

  test("no secret of the sample file in production, old billing keys included", () => {
    expect(
      problems({
        ...production,
        NEXTAUTH_SECRET: "change-me-change-me-change-me-change-me",
        BILLING_KEY_SECRETS: `k2:${KEY},k1:${"A".repeat(43)}=`,
      }),
    ).toEqual([
      "NEXTAUTH_SECRET: is the sample of .env.example, which everybody knows; make one with openssl rand -base64 32",
      "BILLING_KEY_SECRETS: is the sample of .env.example, which everybody knows; make one with k1:$(openssl rand -base64 32)",
    ]);
  });

  test("no unsigned jobs in production", () => {
    expect(problems({ ...production, INNGEST_DEV: "http://localhost:8288" })).toEqual([
      "INNGEST_DEV: must not be set outside the sandbox: in dev mode jobs are not signed",
    ]);
  });

  test.each([
    ["APP_URL", "localhost:3000"],
    ["NEXTAUTH_URL", "maedal.kr:443"],
    ["TOSS_API_URL", "api.tosspayments.com:443"],
  ])("%s must be a full address, not %s", (name, value) => {
    expect(problems({ ...sandbox, [name]: value })).toEqual([
      `${name}: must be a full http:// or https:// address`,
    ]);
  });

  test("no live keys sent in clear, nor shown to a script of somebody else", () => {
    expect(problems({ ...production, TOSS_API_URL: "http://api.tosspayments.com" })).toEqual([
      "TOSS_API_URL: must be Toss's own address when live keys are set",
    ]);
    expect(problems({ ...production, TOSS_SDK_URL: "https://js.evil.example/v1" })).toEqual([
      "TOSS_SDK_URL: must be Toss's own address when live keys are set",
    ]);
  });

  test("no live keys in the sandbox", () => {
    const { TOSS_CLIENT_KEY, TOSS_SECRET_KEY } = production;
    expect(
      problems({
        ...sandbox,
        TOSS_CLIENT_KEY,
        TOSS_SECRET_KEY,
        TOSS_API_URL: undefined,
        TOSS_SDK_URL: undefined,
      }),
    ).toEqual(["TOSS_SECRET_KEY: must not be a live key in the sandbox"]);
  });

  test.each([
    "http://localhost:3001",
    "https://api.tosspayments.com.evil.example",
    "https://evil.example/api.tosspayments.com",
    "https://api.tosspayments.com@evil.example",
  ])("no live keys sent to %s", (TOSS_API_URL) => {
    expect(problems({ ...production, TOSS_API_URL })).toEqual([
      "TOSS_API_URL: must be Toss's own address when live keys are set",
    ]);
  });

  test.each([
    ["TOSS_CLIENT_KEY", "test_ck_SandboxMaedal0000000000001"],
    ["TOSS_SECRET_KEY", "test_sk_SandboxMaedal0000000000001"],
  ])("no pair of a test key and a live key: %s", (name, value) => {
    expect(problems({ ...production, [name]: value })).toEqual([
      "TOSS_CLIENT_KEY: and TOSS_SECRET_KEY must both be test keys or both be live keys",
    ]);
  });
});

describe("the addresses that webhooks may come from", () => {
  const TOSS_WEBHOOK_ADDRESSES = "13.124.18.147, 2001:db8::1";

  test("are a list, or nothing when left out", () => {
    const { TOSS_WEBHOOK_ADDRESSES: addresses } = parseEnv({
      ...production,
      TOSS_WEBHOOK_ADDRESSES,
      TRUSTED_PROXY_HOPS: "1",
    });
    expect(addresses).toEqual(["13.124.18.147", "2001:db8::1"]);
    expect(parseEnv({ ...production, TOSS_WEBHOOK_ADDRESSES: "" }).TOSS_WEBHOOK_ADDRESSES).toBe(
      undefined,
    );
  });

  test.each(["13.124.18.147, js.tosspayments.com", "13.124.18.0/24", "13.124.18.147,"])(
    "are nothing else: %s",
    (list) => {
      expect(
        problems({ ...production, TOSS_WEBHOOK_ADDRESSES: list, TRUSTED_PROXY_HOPS: "1" }),
      ).toEqual(["TOSS_WEBHOOK_ADDRESSES: must be IP addresses, separated by commas"]);
    },
  );

  test("mean nothing without a trusted proxy that tells them", () => {
    expect(problems({ ...production, TOSS_WEBHOOK_ADDRESSES })).toEqual([
      "TOSS_WEBHOOK_ADDRESSES: needs TRUSTED_PROXY_HOPS: only a proxy tells where a webhook comes from",
    ]);
  });
});

describe("a business registration number", () => {
  const isTaken = (BUSINESS_REGISTRATION_NUMBER: string) =>
    problems({ ...sandbox, BUSINESS_REGISTRATION_NUMBER }).length === 0;

  // Check digits worked out by hand: 1·1+2·3+3·7+4·1+5·3+6·7+7·1+8·3+9·5 = 165, + ⌊9·5/10⌋ = 169, 10 − 9 = 1.
  test.each(["123-45-67891", "1234567891", "000-00-00000", "111-11-11119", "987-65-43215"])(
    "%s is taken",
    (number) => {
      expect(isTaken(number)).toBe(true);
    },
  );

  test.each(["123-45-67890", "123-45-6789", "123-45-678910", "12345678X1", "１２３４５６７８９１"])(
    "%s is refused by name",
    (number) => {
      expect(problems({ ...sandbox, BUSINESS_REGISTRATION_NUMBER: number })).toEqual([
        "BUSINESS_REGISTRATION_NUMBER: must be a business registration number with a valid check digit",
      ]);
    },
  );

  test("has exactly one valid last digit", () => {
    for (const start of ["123-45-6789", "100-00-0000", "999-99-9999", "214-88-1234"]) {
      const digits = Array.from({ length: 10 }, (_, digit) => `${start}${digit}`);
      expect(digits.filter(isTaken)).toHaveLength(1);
    }
  });
});

/** One line for each variable that is missing or wrong; none when the environment is taken. */
function problems(source: Source): readonly string[] {
  try {
    parseEnv(source);
    return [];
  } catch (fault) {
    const lines = fault instanceof Error ? fault.message.split("\n") : [];
    expect(lines[0]).toBe("The environment is not complete:");
    expect(lines.at(-1)).toBe("See .env.example.");
    return lines.slice(1, -1).map((line) => line.trim());
  }
}
