/**
 * Where a worker may die. Each await point of each operation has a name, `flow>operation/boundary`; the worker reports
 * that it reached the point and then asks its fate, drawn before its birth, whether this is where it ends.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import { seededRandom } from "@/packages/inngest-local/engine/time";
import { PARTS } from "../parts";

/** What a worker is born with; `chances` are per reach of a point, `otherwise` holds for points not named. */
export type Fate = {
  readonly seed: number;
  readonly chances: Readonly<Record<string, number>>;
  readonly otherwise: number;
};

/** The pipe on which a worker tells its parent where it is; what was written outlives it. */
const REPORTS = 3;
/** A point "during" a call lies at most this long after the call was sent. */
const DURING_CALL_MS = 40;
const DURING_COMMIT_MS = 3;

type Scene = { readonly flow: string; readonly verb: string; transactions: number };

const scenes = new AsyncLocalStorage<Scene>();
const fate: Fate = JSON.parse(process.env.PROVE_FATE ?? '{"seed":1,"chances":{},"otherwise":0}');
const draw = seededRandom(fate.seed);

/** The operation, so that whatever is reached inside it carries its name. */
export function inOperation<A extends readonly unknown[], R>(
  verb: string,
  work: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    const flow = scenes.getStore()?.flow ?? verb;
    return scenes.run({ flow, verb, transactions: 0 }, () => work(...args));
  };
}

/** The function with points around it, if it is a part of operations that has some. */
export function inPart<F>(module: string, name: string, work: F): F {
  const part = PARTS[`${module}:${name}`];
  if (!part) return work;
  const real = work as (...args: readonly unknown[]) => unknown;
  const withPoints = async (...args: readonly unknown[]) => {
    if (!part.hasWork(...args)) return real(...args);
    reach(`${part.name}.before`);
    const result = await real(...args);
    reach(`${part.name}.after`);
    return result;
  };
  return withPoints as F;
}

/** "commit-1", "commit-2", …: which transaction of the operation begins now; from the third on they are one. */
export function nextCommit(): string {
  const scene = scenes.getStore();
  if (!scene) return "commit";
  scene.transactions += 1;
  return `commit-${Math.min(scene.transactions, 3)}`;
}

/** Reaches a point; does not return when the worker dies here. */
export function reach(boundary: string): void {
  const point = nameOf(boundary);
  report(`h ${point}`);
  if (isFatal(point)) die(point);
}

/** Reaches a point that lies somewhere within what begins now: death comes a little later, by itself. */
export function reachDuring(boundary: string, kind: "call" | "commit"): void {
  const point = nameOf(boundary);
  report(`h ${point}`);
  if (!isFatal(point)) return;
  const withinMs = kind === "call" ? DURING_CALL_MS : DURING_COMMIT_MS;
  setTimeout(() => die(point), draw() * withinMs);
}

/** `waits` says which table is waited for after which. */
export function tellOfLateLock(waits: string): void {
  report(`l ${nameOf(waits)}`);
}

export function report(line: string): void {
  for (;;) {
    try {
      writeSync(REPORTS, `${line}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

function nameOf(boundary: string): string {
  const scene = scenes.getStore();
  if (!scene) return `jobs/${boundary}`;
  const place = scene.flow === scene.verb ? scene.verb : `${scene.flow}>${scene.verb}`;
  return `${place}/${boundary}`;
}

function isFatal(point: string): boolean {
  return draw() < (fate.chances[point] ?? fate.otherwise);
}

function die(point: string): void {
  report(`k ${point}`);
  process.kill(process.pid, "SIGKILL");
}
