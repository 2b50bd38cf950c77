import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FullConfig } from "playwright/test";
import { WORLDS_VARIABLE } from "./environment";
import { findFreePorts } from "./ports";
import { ensureDatabase, removeCluster, startPostgres } from "./postgres";
import { createSupervisor } from "./supervisor";
import { startWorld } from "./world";

/**
 * For each worker of the browser tests a world of its own: the production build, a database, an emulator, a job runner
 * and a clock. No story meets what another one's left behind, and none waits for another's time.
 */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export of a set-up file
export default async function startTestWorlds({
  workers,
}: Pick<FullConfig, "workers">): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  const folder = mkdtempSync(join(tmpdir(), "maedal-e2e-"));
  // PostgreSQL may run as another user and must pass through.
  chmodSync(folder, 0o711);
  const supervisor = createSupervisor();
  const stop = async () => {
    await supervisor.stop();
    removeCluster(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { postgres } = await findFreePorts();
    const logFile = join(folder, "postgres.log");
    const server = await startPostgres({
      port: postgres,
      dataFolder: folder,
      logFile,
      isDisposable: true,
    });
    supervisor.keep(server.process);
    const environments = [];
    for (let index = 0; index < workers; index++) {
      const name = `world_${index}`;
      await ensureDatabase(server, name);
      const dataFolder = join(folder, name);
      mkdirSync(dataFolder);
      const world = await startWorld({
        root,
        dataFolder,
        ports: await findFreePorts(),
        person: { DATABASE_URL: server.urlOf(name) },
        supervisor,
        app: "production build",
        jobs: "local",
        isDisposable: true,
      });
      environments.push(world.environment);
    }
    // Playwright loads the stories once more before any worker does; they read an environment as they are loaded.
    Object.assign(process.env, environments[0], {
      [WORLDS_VARIABLE]: JSON.stringify(environments),
    });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
