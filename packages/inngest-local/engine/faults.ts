import { z } from "zod";

import { seededRandom } from "./time";

const when = {
  /** Strikes the next so many matches; without count and probability, once. */
  count: z.number().int().positive().optional(),
  /** Strikes each match with this chance, drawn from `seed`. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.number().int().optional(),
};
const onEvent = { ...when, event: z.string().optional() };
const onCall = { ...onEvent, functionId: z.string().optional() };
const delayMs = z.number().int().nonnegative();

/** The faults seen on a real server, or on the line to it. Filters: event name, and function id for calls. */
export const Fault = z.discriminatedUnion("kind", [
  /** Acknowledged, then gone; its id stays taken for the 24 hours of deduplication. */
  z.strictObject({ kind: z.literal("drop-event"), ...onEvent }),
  /** Delivered twice, the second time `delayMs` later by the clock of the runner. */
  z.strictObject({ kind: z.literal("duplicate-event"), delayMs: delayMs.default(0), ...onEvent }),
  /** Delivered `delayMs` late by the clock of the runner. */
  z.strictObject({ kind: z.literal("delay-event"), delayMs, ...onEvent }),
  /** The app did the step, but its answer is lost: it is called again with the same attempt. */
  z.strictObject({ kind: z.literal("lose-answer"), ...onCall }),
  /** The app is not reached; this costs an attempt. */
  z.strictObject({ kind: z.literal("refuse-call"), ...onCall }),
  /** The app's answer is held back for `delayMs` of real time. */
  z.strictObject({ kind: z.literal("slow-call"), delayMs, ...onCall }),
]);
export type Fault = z.infer<typeof Fault>;
/** A fault as it is asked for, before defaults are filled in. */
export type FaultRequest = z.input<typeof Fault>;

type Armed = { fault: Fault; left: number; hits: number; random: () => number };
type Subject = { event: string; functionId?: string };

/** The faults that wait to strike. */
export class Faults {
  private armed: Armed[] = [];

  arm(request: FaultRequest): void {
    const fault = Fault.parse(request);
    const left = fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.armed.push({ fault, left, hits: 0, random: seededRandom(fault.seed ?? 1) });
  }

  clear(): void {
    this.armed = [];
  }

  /** Every fault asked for since the last clear, and how often it struck. */
  list(): { fault: Fault; hits: number }[] {
    return this.armed.map(({ fault, hits }) => ({ fault, hits }));
  }

  /** The fault of this kind that strikes this subject now, if any; counts the hit. */
  strike<K extends Fault["kind"]>(
    kind: K,
    subject: Subject,
  ): Extract<Fault, { kind: K }> | undefined {
    for (const one of this.armed) {
      if (one.fault.kind !== kind || one.left === 0 || !matches(one.fault, subject)) continue;
      const { probability } = one.fault;
      if (probability !== undefined && one.random() >= probability) continue;
      one.left -= 1;
      one.hits += 1;
      return one.fault as Extract<Fault, { kind: K }>;
    }
    return undefined;
  }
}

function matches(fault: Fault, subject: Subject): boolean {
  if (fault.event !== undefined && fault.event !== subject.event) return false;
  if (!("functionId" in fault) || fault.functionId === undefined) return true;
  return subject.functionId !== undefined && isFunction(subject.functionId, fault.functionId);
}

/** Whether a registered id (`app-charge`) is meant by a given one (`app-charge` or `charge`). */
export function isFunction(registeredId: string, given: string): boolean {
  return registeredId === given || registeredId.endsWith(`-${given}`);
}
