import { z } from "zod";

import {
  type CallItem,
  type JobError,
  Op,
  type Run,
  readError,
} from "@/packages/inngest-local/engine/run";

/** What one request to the app led to. */
export type Answer =
  | { kind: "done"; data: unknown }
  | { kind: "ops"; ops: Op[]; final: boolean; retryAfter: string | null }
  | {
      kind: "error";
      error: JobError;
      final: boolean;
      retryAfter: string | null;
      unknownFunction: boolean;
    };

/**
 * Asks the app to run a function or one of its steps, in the classic one-step-a-request protocol:
 * without ctx.fn_id the SDK never reports between steps, so an answer is all there is to lose.
 * Never throws; a line that breaks is an answer of kind error.
 */
export async function callApp(appUrl: string, call: CallItem): Promise<Answer> {
  const { run } = call;
  const url = new URL(appUrl);
  url.search = run.fn.query;
  url.searchParams.set("stepId", call.stepId ?? "step");
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-inngest-server-kind": "dev",
        "x-inngest-req-version": String(run.version),
        "x-run-id": run.id,
      },
      body: JSON.stringify(callBody(call)),
    });
    return await readAnswer(run, response);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return failed(
      `No usable answer from the app: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

/** The error of a request that brought no answer of the SDK; it costs an attempt. */
export function failed(message: string): Answer & { kind: "error" } {
  const error = { name: "Error", message };
  return { kind: "error", error, final: false, retryAfter: null, unknownFunction: false };
}

/** A planned step sees the run as it stood at the fork; its siblings' results come with the next look. */
function callBody({ run, stepId, attempt, stackLength }: CallItem): unknown {
  const stack = stepId === null ? [...run.stack] : run.stack.slice(0, stackLength);
  return {
    version: run.version,
    event: run.event,
    events: [run.event],
    steps: Object.fromEntries(stack.map((id) => [id, run.memos.get(id)])),
    ctx: {
      run_id: run.id,
      attempt,
      max_attempts: run.fn.maxAttempts,
      disable_immediate_execution: stepId !== null,
      use_api: false,
      stack: { stack, current: stack.length },
    },
  };
}

async function readAnswer(run: Run, response: Response): Promise<Answer> {
  const text = await response.text();
  if (!response.headers.has("x-inngest-sdk")) {
    return failed(`${response.status}, not an answer of the Inngest SDK: ${text.slice(0, 200)}`);
  }
  const version = Number(response.headers.get("x-inngest-req-version") ?? Number.NaN);
  if (Number.isInteger(version)) run.version = version;
  const body: unknown = text === "" ? null : JSON.parse(text);
  const noRetry = response.headers.get("x-inngest-no-retry");
  const retryAfter = response.headers.get("retry-after");
  const final = noRetry === "true";
  if (response.status === 206)
    return { kind: "ops", ops: z.array(Op).parse(body), final, retryAfter };
  if (response.status === 200) return { kind: "done", data: body };
  const error = readError(body);
  const unknownFunction = noRetry === null && error.message.includes("was not found in this app");
  return { kind: "error", error, final, retryAfter, unknownFunction };
}
