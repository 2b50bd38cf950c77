import { z } from "zod";

import { type Expression, parseExpression } from "./cel";
import { type CronSchedule, isFrequent, parseCron, parseDurationMs } from "./time";

/** A function as the app registered it, with its expressions and crons read. */
export type JobFunction = {
  id: string;
  name: string;
  /** The query part of its address: which function the app shall run. */
  query: string;
  maxAttempts: number;
  events: { name: string; when: Expression | null }[];
  crons: { text: string; schedule: CronSchedule; isFrequent: boolean; jitterMs: number }[];
  cancelOn: { event: string; when: Expression | null; timeoutMs: number | null }[];
  concurrency: { limit: number; key: Expression | null; bucket: string }[];
  throttle: { limit: number; periodMs: number; burst: number; key: Expression | null } | null;
  singleton: { mode: "skip" | "cancel"; key: Expression | null } | null;
  idempotency: Expression | null;
  /** The settings in words, for the page. */
  summary: string[];
};

/** Thrown when the app asks for something this job runner does not do; each finding names its function. */
export class RegistrationError extends Error {
  override name = "RegistrationError";
}

const INTERNAL_TRIGGERS = ["inngest/function.failed", "inngest/function.cancelled"];
const MAX_RETRIES = 20;
const DEFAULT_RETRIES = 4;

const ConcurrencyOption = z.strictObject({
  limit: z.number().int().positive(),
  key: z.string().optional(),
  scope: z.enum(["fn", "env", "account"]).optional(),
});

const FunctionConfig = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  triggers: z
    .array(
      z.union([
        z.strictObject({ event: z.string(), expression: z.string().optional() }),
        z.strictObject({ cron: z.string(), jitter: z.string().optional() }),
      ]),
    )
    .max(10),
  steps: z.object({
    step: z.object({
      runtime: z.object({ type: z.literal("http"), url: z.url() }),
      retries: z
        .object({ attempts: z.number().int().min(0).max(MAX_RETRIES).optional() })
        .optional(),
    }),
  }),
  concurrency: z
    .union([z.number().int().positive(), ConcurrencyOption, z.array(ConcurrencyOption).max(2)])
    .optional(),
  throttle: z
    .strictObject({
      limit: z.number().int().positive(),
      period: z.string(),
      burst: z.number().int().positive().optional(),
      key: z.string().optional(),
    })
    .optional(),
  singleton: z
    .strictObject({ mode: z.enum(["skip", "cancel"]), key: z.string().optional() })
    .optional(),
  cancel: z
    .array(
      z.strictObject({
        event: z.string(),
        if: z.string().optional(),
        timeout: z.string().optional(),
      }),
    )
    .max(5)
    .optional(),
  idempotency: z.string().optional(),
});

const Registration = z.object({
  appName: z.string(),
  sdk: z.string(),
  functions: z.array(z.looseObject({ id: z.string() })),
});

/**
 * Reads what the app posts to /fn/register.
 * Options this job runner does not do (batchEvents, debounce, priority, rateLimit, timeouts, wildcard
 * triggers, expressions beyond `cel.ts`) throw a RegistrationError that lists all of them.
 */
export function parseRegistration(body: unknown): { appName: string; functions: JobFunction[] } {
  const registration = Registration.safeParse(body);
  if (!registration.success) throw new RegistrationError(z.prettifyError(registration.error));
  const findings: string[] = [];
  const functions: JobFunction[] = [];
  for (const raw of registration.data.functions) {
    try {
      functions.push(parseFunction(raw));
    } catch (error) {
      findings.push(`${raw.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (findings.length) throw new RegistrationError(findings.join("\n"));
  return { appName: registration.data.appName, functions };
}

function parseFunction(raw: unknown): JobFunction {
  const parsed = FunctionConfig.safeParse(raw);
  if (!parsed.success) {
    throw new Error(`not supported by the sandbox's job runner: ${z.prettifyError(parsed.error)}`);
  }
  const config = parsed.data;
  return {
    id: config.id,
    name: config.name ?? config.id,
    query: new URL(config.steps.step.runtime.url).search,
    maxAttempts: (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    events: config.triggers.flatMap((trigger) =>
      "event" in trigger ? [readTrigger(trigger)] : [],
    ),
    crons: config.triggers.flatMap((trigger) =>
      "cron" in trigger ? [readCron(trigger.cron, trigger.jitter)] : [],
    ),
    cancelOn: (config.cancel ?? []).map((one) => ({
      event: one.event,
      when: readExpression(one.if),
      timeoutMs: one.timeout ? parseDurationMs(one.timeout) : null,
    })),
    concurrency: readConcurrency(config),
    throttle: config.throttle
      ? {
          limit: config.throttle.limit,
          periodMs: parseDurationMs(config.throttle.period),
          burst: config.throttle.burst ?? 1,
          key: readExpression(config.throttle.key),
        }
      : null,
    singleton: config.singleton
      ? { mode: config.singleton.mode, key: readExpression(config.singleton.key) }
      : null,
    idempotency: readExpression(config.idempotency),
    summary: summarise(config),
  };
}

function readCron(text: string, jitter: string | undefined): JobFunction["crons"][number] {
  const schedule = parseCron(text);
  return {
    text,
    schedule,
    isFrequent: isFrequent(schedule),
    jitterMs: parseDurationMs(jitter ?? ""),
  };
}

function readTrigger(trigger: { event: string; expression?: string | undefined }) {
  if (trigger.event.includes("*")) throw new Error(`wildcard trigger "${trigger.event}"`);
  if (trigger.event.startsWith("inngest/") && !INTERNAL_TRIGGERS.includes(trigger.event)) {
    throw new Error(`trigger "${trigger.event}" is never sent by the sandbox's job runner`);
  }
  return { name: trigger.event, when: readExpression(trigger.expression) };
}

function readConcurrency(config: z.infer<typeof FunctionConfig>): JobFunction["concurrency"] {
  const { concurrency } = config;
  if (concurrency === undefined) return [];
  const options = typeof concurrency === "number" ? [{ limit: concurrency }] : [concurrency].flat();
  return options.map((option: z.infer<typeof ConcurrencyOption>, index) => {
    const shared = option.scope && option.scope !== "fn";
    return {
      limit: option.limit,
      key: readExpression(option.key),
      bucket: shared ? `${option.scope} ${option.key}` : `${config.id} ${index}`,
    };
  });
}

function readExpression(source: string | undefined): Expression | null {
  return source ? parseExpression(source) : null;
}

function summarise(config: z.infer<typeof FunctionConfig>): string[] {
  const { concurrency, throttle, singleton, cancel, idempotency } = config;
  const settings = { concurrency, throttle, singleton, cancelOn: cancel, idempotency };
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
}
