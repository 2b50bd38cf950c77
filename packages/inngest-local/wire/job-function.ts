import { z } from "zod";

import type { JobEvent } from "@/packages/inngest-local/engine/run";
import { type CronSchedule, isFrequent, parseCron } from "@/packages/inngest-local/engine/time";

/** A function as the app registered it, with its crons and keys read. */
export type JobFunction = {
  id: string;
  name: string;
  /** The query part of its address: which function the app shall run. */
  query: string;
  maxAttempts: number;
  /** Names of the events that start it. */
  events: string[];
  crons: { text: string; schedule: CronSchedule; isFrequent: boolean }[];
  concurrency: { limit: number; keyOf: KeyOf } | null;
  singleton: { keyOf: KeyOf } | null;
  /** The settings in words, for the page. */
  summary: string[];
};

/** Gives the text that tells runs of one function apart. A missing value is the empty text. */
export type KeyOf = (event: JobEvent) => string;

/** Thrown when the app asks for something this job runner does not do; each finding names its function and option. */
export class RegistrationError extends Error {
  override name = "RegistrationError";
}

const MAX_RETRIES = 20;
const DEFAULT_RETRIES = 4;
const KEY = /^event(\.[A-Za-z_]\w*)+$/;

/** Names of options in the app, where the protocol uses another one. */
const NAMES_IN_APP: Readonly<Record<string, string>> = { cancel: "cancelOn", expression: "if" };

const FunctionConfig = strict({
  id: z.string().min(1),
  name: z.string().optional(),
  triggers: z.array(strict({ event: z.string().optional(), cron: z.string().optional() })).max(10),
  steps: z.object({
    step: z.object({
      runtime: z.object({ type: z.literal("http"), url: z.url() }),
      retries: z
        .object({ attempts: z.number().int().min(0).max(MAX_RETRIES).optional() })
        .optional(),
    }),
  }),
  concurrency: z
    .preprocess(
      (given) => (typeof given === "number" ? { limit: given } : given),
      strict({ limit: z.number().int().positive(), key: z.string().optional() }),
    )
    .optional(),
  singleton: strict({ mode: z.literal("skip"), key: z.string().optional() }).optional(),
});

const Registration = z.object({
  appName: z.string(),
  sdk: z.string(),
  functions: z.array(z.looseObject({ id: z.string() })),
});

/**
 * Reads what the app posts to /fn/register. Throws a RegistrationError that lists all unsupported options: an option that
 * is ignored here would first be missed in production.
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

/** Reads a key. Throws on anything but a path below `event`: a wrong guess would silently keep the wrong runs apart. */
export function parseKey(source: string | undefined): KeyOf {
  if (source === undefined) return () => "";
  if (!KEY.test(source)) {
    throw new Error(
      `cannot read the key "${source}": this job runner knows paths such as event.data.shop only`,
    );
  }
  const [, ...names] = source.split(".");
  return (event) => {
    const value = names.reduce<unknown>(member, event);
    return value === undefined || value === null ? "" : String(value);
  };
}

function parseFunction(raw: unknown): JobFunction {
  const parsed = FunctionConfig.safeParse(raw);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { id, name, triggers, steps, concurrency, singleton } = parsed.data;
  return {
    id,
    name: name ?? id,
    query: new URL(steps.step.runtime.url).search,
    maxAttempts: (steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    events: triggers.flatMap(({ event }) => (event === undefined ? [] : [readEvent(event)])),
    crons: triggers.flatMap(({ cron }) => (cron === undefined ? [] : [readCron(cron)])),
    concurrency: concurrency
      ? { limit: concurrency.limit, keyOf: parseKey(concurrency.key) }
      : null,
    singleton: singleton ? { keyOf: parseKey(singleton.key) } : null,
    summary: Object.entries({ concurrency, singleton })
      .filter(([, value]) => value !== undefined)
      .map(([option, value]) => `${option} ${JSON.stringify(value)}`),
  };
}

function readEvent(name: string): string {
  if (name.includes("*")) throw new Error(`unsupported wildcard trigger "${name}"`);
  if (name.startsWith("inngest/")) {
    throw new Error(`unsupported trigger "${name}": this job runner sends no events of its own`);
  }
  return name;
}

function readCron(text: string): JobFunction["crons"][number] {
  const schedule = parseCron(text);
  return { text, schedule, isFrequent: isFrequent(schedule) };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function strict<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `unsupported by this job runner: ${keys.map((key: string) => NAMES_IN_APP[key] ?? key).join(", ")}`
        : undefined,
  });
}
