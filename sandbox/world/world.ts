import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { TOSS_CAPABILITIES } from "@/lib/toss/client";
import { buildApp } from "./build";
import {
  type Environment,
  type Ports,
  type WorldEnvironment,
  worldEnvironment,
} from "./environment";
import { Failure } from "./failure";
import {
  findNamedServer,
  type JobRunner,
  namedServer,
  startBestRunner,
  startLocalExecutor,
} from "./job-runner";
import { refuseTakenPorts } from "./ports";
import { ensureDatabase, startPostgres } from "./postgres";
import { answers, waitUntilReady } from "./processes";
import { step } from "./progress.mjs";
import type { Supervisor } from "./supervisor";

export type World = {
  readonly environment: WorldEnvironment;
  readonly appUrl: string;
  /** Undefined when the app talks to Toss itself. */
  readonly tossUrl: string | undefined;
  readonly jobs: JobRunner;
};

export type WorldOptions = {
  readonly root: string;
  readonly dataFolder: string;
  readonly ports: Ports;
  /** What the person set: a database, keys, a job runner of their own. */
  readonly person: Environment;
  readonly supervisor: Supervisor;
  readonly app: "production build" | "development server";
  /** Tests take the local executor always; a demo takes the best that is to be had. */
  readonly jobs: "best" | "local";
  /** For data nobody will miss. */
  readonly isDisposable?: boolean;
};

/** Starts every part of the sandbox and returns when all of them answer. Whoever calls stops the supervisor. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { dataFolder, ports, person } = options;
  const logFolder = join(dataFolder, "logs");
  mkdirSync(logFolder, { recursive: true });
  // PostgreSQL may run as another user and must pass through; what is secret is closed by itself.
  chmodSync(dataFolder, 0o711);

  const named = options.jobs === "best" ? namedServer(person) : undefined;
  const appUrl = `http://localhost:${ports.app}`;
  const environment = worldEnvironment(
    {
      ports,
      dataFolder,
      databaseUrl: person.DATABASE_URL ?? databaseUrlOn(ports.postgres),
      inngestUrl: named ?? `http://localhost:${ports.inngest}`,
    },
    person,
  );
  const isEmulated = environment.TOSS_API_URL === `http://localhost:${ports.toss}`;
  await refuseTakenPorts(ports, [
    "app",
    ...(isEmulated ? (["toss"] as const) : []),
    ...(named ? [] : (["inngest"] as const)),
    ...(person.DATABASE_URL ? [] : (["postgres"] as const)),
  ]);

  const part = { ...options, logFolder, environment: { ...ambient(), ...environment } };
  const runner = {
    ...part,
    port: ports.inngest,
    appUrl,
    clockFile: environment.SANDBOX_CLOCK_FILE,
  };
  const [jobs] = await Promise.all([
    named ? findNamedServer(named) : startRunner(options, runner),
    prepareDatabase(part, environment.DATABASE_URL),
    isEmulated ? startEmulator(part, environment.SANDBOX_CLOCK_FILE) : undefined,
    options.app === "production build"
      ? step("앱 빌드 (next build)", () =>
          buildApp({ ...part, logFile: join(logFolder, "build.log") }),
        )
      : undefined,
  ]);
  await startApp(part, appUrl);
  await step("작업 등록", () => registerJobs(appUrl));
  const tossUrl = isEmulated ? `http://localhost:${ports.toss}` : undefined;
  return { environment, appUrl, tossUrl, jobs };
}

type Part = WorldOptions & { readonly logFolder: string; readonly environment: Environment };

/** The machine's environment without what would make a part take this for a real deployment. */
function ambient(): Environment {
  const { NODE_ENV: _, INNGEST_SIGNING_KEY: __, INNGEST_EVENT_KEY: ___, ...rest } = process.env;
  return rest;
}

function databaseUrlOn(port: number): string {
  return `postgres://maedal:maedal@127.0.0.1:${port}/maedal`;
}

function startRunner(
  options: WorldOptions,
  runner: Parameters<typeof startLocalExecutor>[0],
): Promise<JobRunner> {
  return options.jobs === "local"
    ? startLocalExecutor(runner)
    : startBestRunner(runner, options.person);
}

async function prepareDatabase(part: Part, databaseUrl: string): Promise<void> {
  if (part.person.DATABASE_URL) {
    await step("PostgreSQL (DATABASE_URL)", () => refuseSilentDatabase(databaseUrl));
  } else {
    await step("PostgreSQL", async () => {
      const server = await startPostgres({
        port: part.ports.postgres,
        dataFolder: part.dataFolder,
        logFile: join(part.logFolder, "postgres.log"),
        isDisposable: part.isDisposable ?? false,
      });
      part.supervisor.keep(server.process);
      await ensureDatabase(server, "maedal");
    });
  }
  await step("표와 예시 데이터 (migrate, seed)", async () => {
    const [{ migrateDatabase }, { seedDatabase }] = await Promise.all([
      import("@/db/migrate"),
      import("@/db/seed/seed"),
    ]);
    await migrateDatabase(databaseUrl);
    await seedDatabase(databaseUrl, {
      sandboxPeople: true,
      minimumWon: TOSS_CAPABILITIES.minimumWon,
    });
  });
}

async function refuseSilentDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await sql`select 1`;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      `The database that DATABASE_URL names does not answer (${reason}); start it or unset DATABASE_URL to use the sandbox's own.`,
      { cause },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function startEmulator(part: Part, clockFile: string): Promise<void> {
  const state = join(part.dataFolder, "toss.json");
  const port = String(part.ports.toss);
  return step("Toss 에뮬레이터", async () => {
    const child = await part.supervisor.start({
      name: "The Toss emulator",
      command: process.execPath,
      args: [
        ...["--import", "tsx", join(part.root, "packages/toss-twin/main.ts")],
        ...["--port", port, "--state", state, "--clock-file", clockFile],
        ...["--webhook", `${part.environment.APP_URL}/api/toss/webhook`],
        ...["--time-page", `${part.environment.APP_URL}/sandbox`],
      ],
      env: part.environment,
      cwd: part.root,
      logFile: join(part.logFolder, "toss.log"),
    });
    await waitUntilReady(child, () => answers(`http://localhost:${port}/control/health`), 20_000);
  });
}

function startApp(part: Part, appUrl: string): Promise<void> {
  const isProduction = part.app === "production build";
  const command = isProduction ? "start" : "dev";
  return step(`앱 (next ${command})`, async () => {
    const child = await part.supervisor.start({
      name: "The app",
      command: process.execPath,
      args: [
        join(part.root, "node_modules/next/dist/bin/next"),
        ...[command, "-p", String(part.ports.app), "-H", "localhost"],
      ],
      env: { ...part.environment, NODE_ENV: isProduction ? "production" : "development" },
      cwd: part.root,
      logFile: join(part.logFolder, "app.log"),
    });
    await waitUntilReady(child, () => answers(`${appUrl}/api/health`), 60_000);
  });
}

/** Asks the app to register its jobs now, so that none waits for a runner that has not found the app yet. */
async function registerJobs(appUrl: string): Promise<void> {
  const response = await fetch(`${appUrl}/api/inngest`, {
    method: "PUT",
    headers: { connection: "close" },
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Failure(`The app could not register its jobs with the job runner: ${text}`);
  }
}
