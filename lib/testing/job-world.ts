/**
 * The app's own jobs at work: served by its route, run by the local job runner, on the sandbox's clock, with the Toss
 * emulator. What the app and the runner say to each other is kept, and calls can be held open.
 */
import { createServer } from "node:http";
import { NextRequest } from "next/server";
import { vi } from "vitest";
import { closeDb } from "@/db/client";
import { seedDatabase } from "@/db/seed/seed";
import { inngest } from "@/inngest/client";
import { deps } from "@/lib/runtime/deps";
import { moveClockFile, readClockFile } from "@/packages/local-kit/clock-file";
import { startExecutor } from "@/sandbox/inngest/server";
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
  const file = process.env.SANDBOX_CLOCK_FILE ?? "";
  moveClockFile(file, startsAt);
  const clock = () => readClockFile(file);
  const calls: Call[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const asked = Buffer.concat(await request.toArray()).toString("utf8");
    const call = { url, asked, answered: "" };
    if (method === "POST") {
      calls.push(call);
      if (isHolding) await new Promise<void>((go) => held.push(go));
    }
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
  const appUrl = `http://127.0.0.1:${port}/api/inngest`;
  const toss = await startTossEmulator({ port: 0, clock, settings: { slowMs: 5 } });
  const executor = await startExecutor({ port: 0, appUrl, clock });
  vi.stubEnv("TOSS_API_URL", toss.url);
  vi.stubEnv("INNGEST_DEV", executor.url);
  inngest.setEnvVars();
  // biome-ignore lint/style/noProcessEnv: the database of a test is named in its environment.
  await seedDatabase(process.env.DATABASE_URL ?? "", { sandboxPeople: false });
  await executor.settle();

  return {
    executor,
    toss,
    deps: deps(),
    calls,
    /** Lets each call of the runner wait before the app sees it, until the answered function is called. */
    holdCalls() {
      isHolding = true;
      return function letGo() {
        isHolding = false;
        for (const go of held.splice(0)) go();
      };
    },
    /** How many calls are held open now. */
    heldCount: () => held.length,
    async moveTo(target: Date) {
      moveClockFile(file, target);
      const end = await executor.settle();
      if (!end.settled) throw new Error(`The jobs did not come to rest: ${JSON.stringify(end)}`);
    },
    async close() {
      await executor.close();
      server.closeAllConnections();
      server.close();
      await toss.close();
      await closeDb();
      vi.unstubAllEnvs();
    },
  };
}
