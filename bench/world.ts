/** A PostgreSQL and a Toss emulator of the bench's own, each in its own process, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { addDays, seoulDayOf, seoulInstant } from "@/lib/billing/calendar";
import { CHARGE_HOUR } from "@/lib/billing/policy";
import { moveClockFile } from "@/packages/local-kit/clock-file";
import { worldEnvironment } from "@/sandbox/world/environment";
import { findFreePorts } from "@/sandbox/world/ports";
import { ensureDatabase, removeCluster, startPostgres } from "@/sandbox/world/postgres";
import { answers, type Child, startChild, waitUntilReady } from "@/sandbox/world/processes";

export type BenchWorld = {
  readonly tossUrl: string;
  readonly postgresPid: number;
  /** Null when Toss is a server that somebody else runs. */
  readonly tossPid: number | null;
  /** Starts the local job runner, which calls the app's job functions at `appUrl`. */
  readonly startRunner: (appUrl: string) => Promise<Child>;
  /** Where the job runner calls for the app. */
  readonly appPort: number;
  readonly stop: () => Promise<void>;
};

/**
 * Starts both and puts the environment of the app into this process; with `tossUrl`, that server stands in for the
 * emulator. PostgreSQL keeps its promises (fsync is on). The clock stands at the hour of
 * charging, whatever the hour is here.
 */
export async function startBenchWorld(options: {
  latencyMs: number;
  tossUrl?: string | undefined;
}): Promise<BenchWorld> {
  const dataFolder = mkdtempSync(join(tmpdir(), "maedal-bench-"));
  const clockFile = join(dataFolder, "clock.json");
  moveClockFile(clockFile, seoulInstant(addDays(seoulDayOf(new Date()), 1), CHARGE_HOUR));
  const ports = await findFreePorts();
  const server = await startPostgres({
    port: ports.postgres,
    dataFolder,
    logFile: join(dataFolder, "postgres.log"),
    isMeasured: true,
  });
  await ensureDatabase(server, "bench");
  const databaseUrl = server.urlOf("bench");
  await migrateDatabase(databaseUrl);

  const start = async (name: string, args: readonly string[], readyAt: string) => {
    const child = await startChild({
      name,
      command: process.execPath,
      args: ["node_modules/tsx/dist/cli.mjs", ...args, "--clock-file", clockFile],
      cwd: process.cwd(),
      env: process.env,
      logFile: join(dataFolder, `${name.replaceAll(" ", "-")}.log`),
    });
    await waitUntilReady(child, () => answers(readyAt), 30_000);
    return child;
  };
  const emulatorUrl = `http://localhost:${ports.toss}`;
  const emulator = options.tossUrl
    ? null
    : await start(
        "toss emulator",
        [
          "packages/toss-twin/main.ts",
          ...["--port", String(ports.toss)],
          ...["--latency-ms", String(options.latencyMs)],
        ],
        `${emulatorUrl}/control/health`,
      );
  const inngestUrl = `http://localhost:${ports.inngest}`;
  const place = { ports, dataFolder, databaseUrl, inngestUrl };
  const tossUrl = options.tossUrl ?? emulatorUrl;
  const secretKey = process.env.TOSS_SECRET_KEY;
  Object.assign(process.env, worldEnvironment(place, {}), {
    TOSS_API_URL: tossUrl,
    ...(secretKey && { TOSS_SECRET_KEY: secretKey }),
    // What is measured is the engine; the pace that a contract with Toss allows is set apart.
    TOSS_CALLS_PER_SECOND: "100000",
    TOSS_CALLS_IN_FLIGHT: "1000",
  });
  return {
    tossUrl,
    postgresPid: server.process.pid,
    tossPid: emulator?.pid ?? null,
    appPort: ports.app,
    startRunner: (appUrl) =>
      start(
        "job runner",
        ["packages/inngest-local/main.ts", "--port", String(ports.inngest), "--app", appUrl],
        `${inngestUrl}/health`,
      ),
    async stop() {
      await emulator?.stop();
      await server.process.stop();
      removeCluster(dataFolder);
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
