import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

import { Fault } from "@/packages/inngest-local/engine/faults";
import { type RunView, viewRun } from "@/packages/inngest-local/engine/run";
import type { Executor } from "@/packages/inngest-local/server";
import { RegistrationError } from "@/packages/inngest-local/wire/job-function";
import { renderList, renderRun } from "./page";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const RUNS_ON_PAGE = 100;

const SettleRequest = z.strictObject({ timeoutMs: z.number().positive().optional() });
const SettingsRequest = z.strictObject({ cronCatchUp: z.enum(["once", "burst"]) });
const HoldRequest = z.strictObject({ forMs: z.number().min(0).max(600_000) });
const FireRequest = z.strictObject({ functionId: z.string() });
const InvokeRequest = z.looseObject({ data: z.record(z.string(), z.unknown()).default({}) });
const RunsQuery = z.strictObject({
  function: z.string().default(""),
  status: z.string().default(""),
  limit: z.coerce.number().int().positive().default(2_000),
});

type Answer = { status: number; body: unknown };
const OK: Answer = { status: 200, body: { ok: true } };
const NOT_FOUND: Answer = { status: 404, body: { error: "not found" } };

/** Answers one request: the SDK's calls, the control API, or the page. Bad input is 400 with its reason. */
export async function respond(
  executor: Executor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await route(executor, request).catch(explain);
  const isPage = typeof body === "string";
  response.writeHead(status, {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/json",
    "cache-control": "no-store",
  });
  response.end(isPage ? body : JSON.stringify(body));
}

async function route(executor: Executor, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = url.pathname;
  if (request.method === "GET") return get(executor, path, url.searchParams);
  if (request.method !== "POST") return { status: 405, body: { error: "method not allowed" } };
  const text = await readBody(request);
  if (path === "/fn/register") {
    const modified = executor.acceptRegistration(text);
    return { status: 200, body: { ok: true, status: 200, modified } };
  }
  const body: unknown = JSON.parse(text || "{}");
  if (path.startsWith("/e/")) {
    const seed = request.headers["x-inngest-event-id-seed"];
    const answer = executor.engine.send(body, typeof seed === "string" ? seed : null);
    return { status: answer.status, body: answer };
  }
  const [, functionId] = /^\/invoke\/([\w-]+)$/.exec(path) ?? [];
  if (functionId) {
    const id = executor.engine.invoke(functionId, InvokeRequest.parse(body).data);
    return id ? { status: 200, body: { id, status: 200 } } : NOT_FOUND;
  }
  return control(executor, path, body);
}

function get(executor: Executor, path: string, query: URLSearchParams): Answer {
  const { engine, registration } = executor;
  const [, runId] = /^\/runs\/(\w+)$/.exec(path) ?? [];
  if (runId) {
    const run = engine.book.find(runId);
    return run ? { status: 200, body: renderRun(viewRun(run)) } : NOT_FOUND;
  }
  const [, eventId] = /^\/v1\/events\/(\w+)\/runs$/.exec(path) ?? [];
  if (eventId) {
    const runs = executor.runs().filter((run) => run.event.id === eventId);
    return { status: 200, body: runs.map(viewEventRun) };
  }
  const functions = executor.functions();
  switch (path) {
    case "/": {
      const now = new Date(engine.now()).toISOString();
      const runs = executor.runs({ limit: RUNS_ON_PAGE });
      const isLive = query.has("live");
      return { status: 200, body: renderList({ now, registration, functions, runs, isLive }) };
    }
    case "/health":
      return OK;
    case "/dev":
      return { status: 200, body: { version: "inngest-local" } };
    case "/control/runs": {
      const filter = RunsQuery.parse(Object.fromEntries(query));
      return { status: 200, body: { runs: executor.runs(filter) } };
    }
    case "/control/functions":
      return { status: 200, body: { ...registration, functions } };
    case "/control/faults":
      return { status: 200, body: { faults: engine.faults.list() } };
    default:
      return NOT_FOUND;
  }
}

/** A run as the server's own API tells it. */
function viewEventRun({ id, event, status, endedAt, output }: RunView) {
  return { run_id: id, event_id: event.id, status, ended_at: endedAt, output };
}

async function control(executor: Executor, path: string, body: unknown): Promise<Answer> {
  switch (path) {
    case "/control/settle":
      return { status: 200, body: await executor.settle(SettleRequest.parse(body).timeoutMs) };
    case "/control/faults":
      executor.faults.arm(Fault.parse(body));
      return OK;
    case "/control/faults/clear":
      executor.faults.clear();
      return OK;
    case "/control/settings":
      executor.setCronCatchUp(SettingsRequest.parse(body).cronCatchUp);
      return OK;
    case "/control/hold-frequent-crons":
      executor.holdFrequentCrons(HoldRequest.parse(body).forMs);
      return OK;
    case "/control/fire-cron": {
      const runId = executor.fireCron(FireRequest.parse(body).functionId);
      return runId ? { status: 200, body: { runId } } : NOT_FOUND;
    }
    case "/control/register":
      await executor.register();
      return OK;
    default:
      return NOT_FOUND;
  }
}

function explain(error: unknown): Answer {
  if (error instanceof z.ZodError) return refusal(400, z.prettifyError(error));
  const message = error instanceof Error ? error.message : String(error);
  const isTheirs =
    error instanceof RegistrationError || error instanceof SyntaxError || error instanceof TooLarge;
  return refusal(isTheirs ? 400 : 500, message);
}

/** The SDK passes a registration's status and error on to whoever asked it to register. */
function refusal(status: number, error: string): Answer {
  return { status, body: { status, error } };
}

class TooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new TooLarge(`body larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
