import { serve } from "inngest/next";
import { inngest } from "@/inngest/client";
import { JOBS } from "@/inngest/jobs";
import { env } from "@/lib/runtime/env";

/** A charge may take Toss a minute; platforms that end requests early must allow this many seconds. */
export const maxDuration = 300;

/** Made at the first request: a build knows no address. */
let handlers: ReturnType<typeof serve> | undefined;

function handlersOf(): ReturnType<typeof serve> {
  handlers ??= serve({
    client: inngest,
    // Told, and not read from the request: a PUT is unsigned, and would register whatever host it was sent to.
    serveOrigin: env().APP_URL,
    servePath: "/api/inngest",
    functions: JOBS,
  });
  return handlers;
}

type Handler = ReturnType<typeof serve>["GET"];

export const GET: Handler = (...call) => handlersOf().GET(...call);
export const POST: Handler = (...call) => handlersOf().POST(...call);
export const PUT: Handler = (...call) => handlersOf().PUT(...call);
