/**
 * Asks the database whether each law of money still holds, and writes down how it stands. A law that held is asked of
 * what was closed lately; once a day, and for as long as it is broken, of everything.
 */
import { writeAudit } from "@/db/audit";
import { type Tx, transaction } from "@/db/client";
import {
  findInvariantResult,
  findViolations,
  type InvariantResult,
  listLaws,
  saveInvariantResult,
  type Violations,
} from "@/db/invariants";
import type { Deps } from "@/lib/deps";
import { describeFault, log } from "@/lib/log";

/** Everything is asked again after this time, a little less than a day, so that it is at about the same hour. */
const ALL_MS = 23.5 * 60 * 60 * 1000;
const LATELY_MS = 2 * 24 * 60 * 60 * 1000;

/** A call that took this long leaves the rest to the next one: a law that takes long holds no other up. */
const CALL_MS = 10_000;

/** Checks the laws of `names`, or all of them. Answers which are broken, and which it had no time for. */
export async function checkInvariants(
  deps: Pick<Deps, "clock">,
  names: readonly string[] | null = null,
): Promise<{ readonly broken: readonly string[]; readonly left: readonly string[] }> {
  const startedAt = performance.now();
  const left = [...(names ?? listLaws())];
  const broken: string[] = [];
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (!(await checkInvariant(deps, name)).ok) broken.push(name);
    if (performance.now() - startedAt >= CALL_MS) break;
  }
  return { broken, left };
}

/** Checks one law; a law that could not be asked counts as broken, and says why. */
export async function checkInvariant(
  deps: Pick<Deps, "clock">,
  name: string,
): Promise<Pick<InvariantResult, "ok" | "count">> {
  const now = deps.clock.now();
  const before = await transaction((tx) => findInvariantResult(tx, name));
  const isAll =
    before === null || !before.ok || now.getTime() - before.checkedAllAt.getTime() >= ALL_MS;
  const since = isAll ? new Date(0) : new Date(now.getTime() - LATELY_MS);
  const answer = await ask(name, { now, since });
  const result: InvariantResult = {
    name,
    ok: answer.fault === null && answer.count === 0,
    ...answer,
    brokenSince: null,
    checkedAt: now,
    checkedAllAt: isAll || before === null ? now : before.checkedAllAt,
  };
  await transaction((tx) => record(tx, result));
  return { ok: result.ok, count: result.count };
}

async function ask(
  name: string,
  at: { now: Date; since: Date },
): Promise<Violations & { readonly fault: string | null }> {
  try {
    return { ...(await transaction((tx) => findViolations(tx, name, at))), fault: null };
  } catch (fault) {
    return { count: 0, sample: [], fault: describeFault(fault) };
  }
}

async function record(tx: Tx, result: InvariantResult): Promise<void> {
  const before = await findInvariantResult(tx, result.name);
  const brokenSince = result.ok ? null : (before?.brokenSince ?? result.checkedAt);
  await saveInvariantResult(tx, { ...result, brokenSince });
  if ((before?.ok ?? true) === result.ok) return;
  const { name, ok, count, sample, fault } = result;
  log(ok ? "info" : "error", ok ? "invariant.healed" : "invariant.broken", { name, count, fault });
  const action = ok ? "invariant.healed" : "invariant.broken";
  await writeAudit(
    tx,
    [{ actor: "system", action, subjectId: name, details: { count, sample, fault } }],
    result.checkedAt,
  );
}
