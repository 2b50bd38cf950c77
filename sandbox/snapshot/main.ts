/**
 * `npm run sandbox -- snapshot FOLDER`: a database with rows in every state there is, made by the app's own operations,
 * with the statements it sent meanwhile. The tests of migrations begin with it.
 */

import { seoulInstant } from "@/lib/billing/calendar";
import { createVault } from "@/lib/runtime/secrets";
import { Failure } from "@/sandbox/world/failure";
import { findBrokenLaws } from "@/sandbox/year/jobs";
import { startYearWorld, type YearWorld } from "@/sandbox/year/world";
import { createCast } from "./cast";
import { writeRest, writeTables } from "./files";
import { openOffice } from "./office";
import { FIRST_DAY, liveThroughPast } from "./past";
import { readEverything } from "./reads";
import { listenToStatements } from "./statements";
import { requireEveryState } from "./states";
import { liveThroughToday } from "./today";

/** Known to everybody, and so a key to nothing but snapshots. */
const SECRETS = `snapshot:${Buffer.alloc(32, "snapshot").toString("base64")}`;

/** The exit code: 1 when a state is missing or a law is broken; then nothing is written. */
export async function takeSnapshot([folder, ...rest]: readonly string[]): Promise<number> {
  if (folder === undefined || rest.length > 0) {
    console.error("npm run sandbox -- snapshot FOLDER");
    return 1;
  }
  const started = await startYearWorld({
    startsAt: seoulInstant(FIRST_DAY, 11),
    serverUrl: process.env.DATABASE_URL,
  });
  try {
    await take({ ...started, deps: { ...started.deps, vault: createVault(SECRETS) } }, folder);
    return 0;
  } catch (fault) {
    console.error(fault instanceof Failure ? fault.message : fault);
    return 1;
  } finally {
    await started.stop();
    process.removeAllListeners("disconnect");
    process.disconnect?.();
  }
}

async function take(world: YearWorld, folder: string): Promise<void> {
  const heard = listenToStatements();
  const cast = createCast(world);
  await liveThroughPast(cast);
  await openOffice(world);
  await liveThroughToday(cast);
  const { sql, toss } = world;
  await readEverything({ sql, now: world.now() });
  await requireEveryState(sql);
  const broken = await findBrokenLaws(world);
  if (broken.length > 0) throw new Failure(`Laws are broken: ${broken.join(", ")}.`);
  await toss.clearFaults();
  await writeTables(sql, folder);
  const statements = heard();
  const exported = await toss.exportState();
  writeRest(folder, { statements, toss: exported, takenAt: world.now(), secrets: SECRETS });
  console.log(`${statements.length} statements, and every state; written to ${folder}.`);
}
