/**
 * The app's own jobs at work: served by its route, run by the local job runner, on the sandbox's clock, with the Toss
 * emulator. What the app and the runner say to each other is kept, and calls can be held open.
 */
import { createServer } from "node:http";
import { NextRequest } from "next/server";
import { vi } from "vitest";
import { closeDb } from "@/db/client";
import { seedDatabase } from "@/db/seed/seed";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { TOSS_CAPABILITIES } from "@/lib/toss/client";
import { startExecutor } from "@/packages/inngest-local/server";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { startTossEmulator } from "@/packages/toss-twin/emulator";

/** The methods of `/api/inngest`. */
type Route = Readonly<
  Record<"GET" | "POST" | "PUT", (request: NextRequest, context: unknown) => Promise<Response>>
>;

/** One call of the runner: which function or step, and both bodies as text. */
type Call = { readonly url: string; readonly asked: string; answered: string };

export type JobWorld = Awaited<ReturnType<typeof startJobWorld>>;

/** Opens the world at an instant far ahead of the machine's own clock, since sandbox time only goes on from there. */
export async function startJobWorld(route: Route, startsAt: Date) {
  // biome-ignore lint/style/noProcessEnv: the environment of a test is made before the app reads it.
  const { SANDBOX_CLOCK_FILE: file = "", DATABASE_URL = "" } = process.env;
  moveClockFile(file, startsAt);
  const clock = () => readClockFile(file);
  const app = await serveJobs(route);
  const toss = await startTossEmulator({ port: 0, clock, settings: { slowMs: 5 } });
  const executor = await startExecutor({ port: 0, appUrl: app.url, clock });
  vi.stubEnv("TOSS_API_URL", toss.url);
  vi.stubEnv("INNGEST_DEV", executor.url);
  inngest.setEnvVars();
  await seedDatabase(DATABASE_URL, {
    sandboxPeople: false,
    minimumWon: TOSS_CAPABILITIES.minimumWon,
  });
  await executor.settle();

  return {
    app,
    executor,
    toss,
    deps: deps(),
    now: clock,
    /** Moves the clock, never back, and lets the jobs work until none has anything to do. */
    async moveTo(target: Date) {
      moveClockFile(file, target);
      const end = await executor.settle();
      if (!end.settled) throw new Error(`The jobs did not come to rest: ${JSON.stringify(end)}`);
    },
    /** Back to a world without faults, whose crons run. */
    async calm() {
      app.letGo();
      executor.faults.clear();
      executor.holdFrequentCrons(0);
      await toss.control.clearFaults();
      await executor.settle();
    },
    /** The runs of a job, the oldest first. */
    runsOf: (job: string) => executor.runs({ function: job }).toReversed(),
    runOf(id: string | null) {
      const run = executor.runs().find((one) => one.id === id);
      if (!run) throw new Error("No such run");
      return run;
    },
    async close() {
      await executor.close();
      app.close();
      await toss.close();
      await closeDb();
      vi.unstubAllEnvs();
    },
  };
}

/** The app's route over HTTP. */
async function serveJobs(route: Route) {
  const calls: Call[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const asked = Buffer.concat(await request.toArray()).toString("utf8");
    const call = { url, asked, answered: "" };
    if (method === "POST") calls.push(call);
    if (method === "POST" && isHolding) await new Promise<void>((go) => held.push(go));
    const answer = await route[method === "POST" || method === "PUT" ? method : "GET"](
      new NextRequest(new URL(url, `http://${request.headers.host}`), {
        method,
        headers: { host: `${request.headers.host}` },
        ...(method === "GET" ? {} : { body: asked }),
      }),
      undefined,
    );
    call.answered = await answer.text();
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(call.answered);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/api/inngest`,
    calls,
    /** Lets each call of the runner wait before the app sees it, until `letGo`. */
    hold() {
      isHolding = true;
    },
    heldCount: () => held.length,
    letGo() {
      isHolding = false;
      for (const go of held.splice(0)) go();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
