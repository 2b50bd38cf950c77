/**
 * Asks the database whether each law of money still holds, and writes down how it stands. A law that held is asked of
 * what was closed lately; once a day, and for as long as it is broken, of everything.
 */

import { transaction } from "@/db/client";
import {
  findViolations,
  type InvariantResult,
  listInvariants,
  listLaws,
  lockInvariantResults,
  saveInvariantResults,
  type Violations,
} from "@/db/laws";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { describeFault, log } from "@/lib/runtime/log";

/** Everything is asked again after this time, a little less than a day, so that it is at about the same hour. */
const ALL_MS = 23.5 * 60 * 60 * 1000;
const LATELY_MS = 2 * 24 * 60 * 60 * 1000;

/** A call that took this long leaves the rest to the next one: a law that takes long holds no other up. */
const CALL_MS = 10_000;

/** Checks the laws of `names`, or all of them. Answers which are broken, and which it had no time for. */
export async function recordInvariants(
  deps: ClockAndIds,
  names: readonly string[] = listLaws(),
): Promise<{ readonly broken: readonly string[]; readonly left: readonly string[] }> {
  const startedAt = performance.now();
  const before = new Map((await listInvariants()).map((result) => [result.name, result]));
  const results: InvariantResult[] = [];
  for (const name of names) {
    results.push(await check(deps, name, before.get(name) ?? null));
    if (performance.now() - startedAt >= CALL_MS) break;
  }
  await inTransaction(deps, JOB, (work) => saveResults(work, results));
  const broken = results.filter(({ ok }) => !ok).map(({ name }) => name);
  return { broken, left: names.slice(results.length) };
}

/** A law that could not be asked counts as broken, and says why. */
async function check(
  deps: ClockAndIds,
  name: string,
  before: InvariantResult | null,
): Promise<InvariantResult> {
  const now = deps.clock.now();
  const isAll =
    before === null || !before.ok || now.getTime() - before.checkedAllAt.getTime() >= ALL_MS;
  const since = isAll ? new Date(0) : new Date(now.getTime() - LATELY_MS);
  const answer = await ask(name, { now, since });
  return {
    name,
    ok: answer.fault === null && answer.count === 0,
    ...answer,
    brokenSince: null,
    checkedAt: now,
    checkedAllAt: isAll ? now : before.checkedAllAt,
  };
}

async function ask(
  name: string,
  at: { now: Date; since: Date },
): Promise<Violations & { readonly fault: string | null }> {
  try {
    return {
      ...(await transaction((tx) => findViolations(tx, name, at))),
      fault: null,
    };
  } catch (fault) {
    return { count: 0, sample: [], fault: describeFault(fault) };
  }
}

async function saveResults(work: Work, results: readonly InvariantResult[]): Promise<void> {
  const { tx } = work;
  const locked = await lockInvariantResults(
    tx,
    results.map(({ name }) => name),
  );
  const before = new Map(locked.map((result) => [result.name, result]));
  await saveInvariantResults(
    tx,
    results.map((result) => {
      const brokenSince = before.get(result.name)?.brokenSince ?? result.checkedAt;
      return { ...result, brokenSince: result.ok ? null : brokenSince };
    }),
  );
  for (const { name, ok, count, sample, fault } of results) {
    if ((before.get(name)?.ok ?? true) === ok) continue;
    const action = ok ? "invariant.healed" : "invariant.broken";
    log(ok ? "info" : "error", action, { name, count, fault });
    const details = { count, sample, fault };
    await work.audit({ action, subjectId: name, details });
  }
}
