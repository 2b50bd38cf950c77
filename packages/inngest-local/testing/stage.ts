import { createServer } from "node:http";
import { eventType, Inngest, type InngestFunction, staticSchema } from "inngest";
import { serve } from "inngest/edge";
import { z } from "zod";

import type { FaultRequest } from "@/packages/inngest-local/engine/faults";
import { parseDurationMs } from "@/packages/inngest-local/engine/time";
import {
  type Executor,
  type ExecutorOptions,
  startExecutor,
} from "@/packages/inngest-local/server";

/** What a real server would see of one run: a line for each request and what the app answered. */
export type RunTrace = { fn: string; lines: string[] };

/** A real SDK app over loopback HTTP, an executor that calls it, and a clock moved by hand. */
export type Stage = {
  executor: Executor;
  client: Inngest;
  /** Moves the clock by a duration such as "2h30m" and waits until all is settled. */
  advance: (duration: string) => Promise<void>;
  traces: () => RunTrace[];
  close: () => Promise<void>;
};

/** What happens on the stage; all is settled after each move. */
export type Move =
  | { send: { name: string; data?: object; id?: string; ts?: number }[] }
  | { advance: string }
  | { fault: FaultRequest }
  | { cronCatchUp: "once" | "burst" };

/** A story as data: what the app offers, what happens, and what a server must then have asked it. */
export type Scenario = {
  story: string;
  functions: Functions;
  moves: Move[];
  /** Each run in the order it was first called: the function, then a line for each request. */
  trace: string[];
};

type Data = { n: number; shop: string };
export const go = eventType("go", { schema: staticSchema<Data>() });
export const charge = eventType("charge", { schema: staticSchema<Data>() });

export function send(data: object = {}): Move {
  return { send: [{ name: "go", data }] };
}

/** Plays a scenario from an empty stage and gives its trace. */
export async function perform({ functions, moves }: Scenario): Promise<string[]> {
  const stage = await openStage(functions);
  const { executor, client, advance } = stage;
  try {
    await advance("0s");
    for (const move of moves) {
      if ("send" in move) await client.send(move.send);
      if ("fault" in move) executor.faults.arm(move.fault);
      if ("cronCatchUp" in move) executor.setCronCatchUp(move.cronCatchUp);
      await advance("advance" in move ? move.advance : "0s");
    }
    return stage.traces().flatMap(({ fn, lines }) => [fn, ...lines]);
  } finally {
    await stage.close();
  }
}

type Functions = (client: Inngest) => InngestFunction.Like[];

/** Later than any real clock, since the SDK stamps events with the real time. */
const START = "2031-03-01T00:00:00Z";
const APP_ID = "app";
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export async function openStage(
  functions: Functions,
  options: Partial<ExecutorOptions> = {},
): Promise<Stage> {
  const clock = { now: Date.parse(START) };
  const traces = new Map<string, RunTrace>();
  const names = new Map<string, string>();
  const app: { answer: (request: Request) => Promise<Response> } = {
    answer: async () => new Response("not ready", { status: 503 }),
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { method = "GET", url = "/" } = request;
    const asked = new Request(new URL(url, `http://${request.headers.host}`), {
      method,
      headers: { host: `${request.headers.host}` },
      ...(method === "GET" ? {} : { body }),
    });
    if (method === "POST") begin(traces, url, `${body}`);
    const answered = await app.answer(asked);
    const text = await answered.text();
    if (method === "POST") record({ traces, names, url, asked: `${body}`, answered, text });
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(text);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  const executor = await startExecutor({
    port: 0,
    appUrl: `http://127.0.0.1:${port}/api/inngest`,
    clock: () => new Date(clock.now),
    ...options,
  });
  const client = new Inngest({
    id: APP_ID,
    isDev: true,
    baseUrl: executor.url,
    logger: quiet,
    internalLogger: quiet,
  });
  app.answer = serve({ client, functions: functions(client) });
  return {
    executor,
    client,
    advance: async (duration) => {
      clock.now += parseDurationMs(duration);
      await settleOrThrow(executor);
    },
    traces: () => [...traces.values()],
    close: async () => {
      await executor.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function settleOrThrow(executor: Executor): Promise<void> {
  const end = await executor.settle(4_000);
  if (!end.settled) throw new Error(`not settled: ${JSON.stringify(end)}`);
}

const Asked = z.object({
  ctx: z.object({ run_id: z.string(), attempt: z.number() }),
  steps: z.record(z.string(), z.unknown()),
});
const Ops = z.array(
  z.object({
    op: z.string(),
    id: z.string(),
    displayName: z.string().nullish(),
    name: z.string().nullish(),
  }),
);

/** Runs stand in the order of their first request, since an answer may be overtaken. */
function begin(traces: Map<string, RunTrace>, url: string, asked: string): void {
  const runId = Asked.parse(JSON.parse(asked)).ctx.run_id;
  const fnId = new URL(url, "http://app").searchParams.get("fnId") ?? "";
  if (!traces.has(runId)) traces.set(runId, { fn: fnId.slice(APP_ID.length + 1), lines: [] });
}

/** Adds a line such as `look #0 (one) → StepRun two`: what was asked, which try, the memos sent, the answer. */
function record(seen: {
  traces: Map<string, RunTrace>;
  names: Map<string, string>;
  url: string;
  asked: string;
  answered: Response;
  text: string;
}): void {
  const { traces, names } = seen;
  const query = new URL(seen.url, "http://app").searchParams;
  const asked = Asked.parse(JSON.parse(seen.asked));
  const body: unknown = JSON.parse(seen.text);
  const ops = Ops.safeParse(body);
  for (const op of ops.data ?? []) names.set(op.id, op.displayName ?? op.id);
  const stepId = query.get("stepId") ?? "";
  const step = stepId === "step" ? "look" : (names.get(stepId) ?? stepId);
  const memos = Object.keys(asked.steps).map((id) => names.get(id) ?? id);
  const status = seen.answered.status;
  const answer =
    status === 206
      ? (ops.data ?? []).map((op) => describe(op)).join(", ")
      : `${status} ${status === 200 ? JSON.stringify(body) : z.object({ message: z.string() }).parse(body).message}`;
  traces
    .get(asked.ctx.run_id)
    ?.lines.push(`${step} #${asked.ctx.attempt} (${memos.join(" ")}) → ${answer}`);
}

function describe(op: z.infer<typeof Ops>[number]): string {
  const detail = op.op === "Sleep" ? ` ${op.name}` : "";
  return `${op.op} ${op.displayName}${detail}`;
}

function ignore(): void {
  // The SDK logs each failing step, and these scenarios fail on purpose.
}
