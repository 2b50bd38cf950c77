import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePorts } from "./ports";
import { removeCluster } from "./postgres";
import { createSupervisor } from "./supervisor";
import { startWorld } from "./world";

/**
 * A world for browser tests: the production build on ports of its own, an empty database, a fresh emulator.
 * Its environment becomes this process's, so that tests find the addresses, the database and the clock in it.
 */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export of a set-up file
export default async function startTestWorld(): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  const dataFolder = mkdtempSync(join(tmpdir(), "maedal-e2e-"));
  const supervisor = createSupervisor();
  const stop = async () => {
    await supervisor.stop();
    removeCluster(dataFolder);
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    const world = await startWorld({
      root,
      dataFolder,
      ports: await findFreePorts(),
      person: {},
      supervisor,
      app: "production build",
      jobs: "local",
      isDisposable: true,
    });
    Object.assign(process.env, world.environment);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
