import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";

import type { JobEvent } from "@/packages/inngest-local/engine/run";

const MAX_EVENTS = 5_000;
const MAX_EVENT_CHARS = 3 * 1024 * 1024;
const MAX_NAME_CHARS = 512;
const DEDUPE_MS = 24 * 60 * 60 * 1_000;

const Event = z.looseObject({
  name: z.string().min(1).max(MAX_NAME_CHARS),
  data: z.record(z.string(), z.unknown()).nullish(),
  id: z.string().nullish(),
  ts: z.number().nullish(),
});

/** What the sender is told: ids of all events taken, and why the rest was not. */
export type IntakeAnswer = { ids: string[]; status: 200 | 400; error?: string };

/**
 * Reads what was posted to /e/KEY and hands each event that is no duplicate to `accept`.
 * Like the server's streaming parser it stops at the first bad event, or at the 5,001st, when those
 * before it have already been taken: a refused batch may be half done.
 */
export function takeEvents(
  body: unknown,
  context: { seed: string | null; now: number; seen: Recently; accept: (event: JobEvent) => void },
): IntakeAnswer {
  const ids: string[] = [];
  for (const [index, raw] of (Array.isArray(body) ? body : [body]).entries()) {
    const refusal = index < MAX_EVENTS ? refuse(raw) : `more than ${MAX_EVENTS} events`;
    if (refusal) return { ids, status: 400, error: `event ${index}: ${refusal}` };
    const { id, ts, data, ...rest } = Event.parse(raw);
    const internalId = context.seed ? idFromSeed(`${context.seed} ${index}`) : newId(context.now);
    ids.push(internalId);
    const event = { ...rest, id: id || internalId, ts: ts || context.now, data: data ?? {} };
    if (context.seen.mark(`${event.name} ${event.id}`, context.now)) context.accept(event);
  }
  return { ids, status: 200 };
}

/** Remembers texts for 24 hours by the clock of the runner. */
export class Recently {
  private readonly expiries = new Map<string, number>();

  /** True when the text was not marked within the last 24 hours. */
  mark(text: string, now: number): boolean {
    for (const [oldest, expiresAt] of this.expiries) {
      if (expiresAt > now) break;
      this.expiries.delete(oldest);
    }
    if (this.expiries.has(text)) return false;
    this.expiries.set(text, now + DEDUPE_MS);
    return true;
  }
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: sorts by the time it was made, in ms. */
export function newId(now: number): string {
  let time = "";
  for (let rest = now, digits = 0; digits < 10; digits++, rest = Math.floor(rest / 32)) {
    time = CROCKFORD.charAt(rest % 32) + time;
  }
  return time + toCrockford(randomBytes(16));
}

/** The sender's own retries of one call carry the same seed, so that they get the same ids. */
function idFromSeed(seed: string): string {
  return toCrockford(createHash("sha256").update(seed).digest().subarray(0, 26));
}

function toCrockford(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => CROCKFORD.charAt(byte % 32)).join("");
}

function refuse(raw: unknown): string | null {
  const parsed = Event.safeParse(raw);
  if (!parsed.success) return z.prettifyError(parsed.error);
  if (parsed.data.name.startsWith("inngest/")) return "names starting with inngest/ are reserved";
  if (JSON.stringify(raw).length > MAX_EVENT_CHARS) return "larger than 3 MiB";
  return null;
}
