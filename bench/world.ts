/** A PostgreSQL and a Toss emulator of the bench's own, each in its own process, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { worldEnvironment } from "@/sandbox/world/environment";
import { findFreePorts } from "@/sandbox/world/ports";
import { ensureDatabase, removeCluster, startPostgres } from "@/sandbox/world/postgres";
import { answers, startChild, waitUntilReady } from "@/sandbox/world/processes";

export type BenchWorld = { readonly tossUrl: string; readonly stop: () => Promise<void> };

/** Starts both and puts the environment of the app into this process. PostgreSQL keeps its promises: fsync is on. */
export async function startBenchWorld(options: { latencyMs: number }): Promise<BenchWorld> {
  const dataFolder = mkdtempSync(join(tmpdir(), "maedal-bench-"));
  const ports = await findFreePorts();
  const server = await startPostgres({
    port: ports.postgres,
    dataFolder,
    logFile: join(dataFolder, "postgres.log"),
  });
  await ensureDatabase(server, "bench");
  const databaseUrl = server.urlOf("bench");
  await migrateDatabase(databaseUrl);
  const toss = await startChild({
    name: "the Toss emulator",
    command: process.execPath,
    args: [
      "node_modules/tsx/dist/cli.mjs",
      "sandbox/toss/main.ts",
      "--port",
      String(ports.toss),
      "--latency-ms",
      String(options.latencyMs),
    ],
    cwd: process.cwd(),
    env: process.env,
    logFile: join(dataFolder, "toss.log"),
  });
  const tossUrl = `http://localhost:${ports.toss}`;
  await waitUntilReady(toss, () => answers(`${tossUrl}/control/health`), 30_000);
  const place = { ports, dataFolder, databaseUrl, inngestUrl: "http://127.0.0.1:9" };
  Object.assign(process.env, worldEnvironment(place, {}), { DATABASE_POOL: "10" });
  return {
    tossUrl,
    async stop() {
      await toss.stop();
      await server.process.stop();
      removeCluster(dataFolder);
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
