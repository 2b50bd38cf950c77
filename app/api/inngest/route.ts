import { serve } from "inngest/next";
import { inngest } from "@/inngest/client";
import { checkInvariants } from "@/inngest/functions/check-invariants";
import { collectCharges } from "@/inngest/functions/collect-charges";
import { forecastCharges } from "@/inngest/functions/forecast-charges";
import { handleWebhook } from "@/inngest/functions/handle-webhook";
import { numberInvoices } from "@/inngest/functions/number-invoices";
import { reconcile } from "@/inngest/functions/reconcile";
import { settleCharges } from "@/inngest/functions/settle-charges";
import { settleRefunds } from "@/inngest/functions/settle-refunds";
import { sweepRenewals } from "@/inngest/functions/sweep-renewals";
import { tidyUp } from "@/inngest/functions/tidy-up";
import { env } from "@/lib/env";

/** A charge may take Toss a minute; platforms that end requests early must allow this many seconds. */
export const maxDuration = 300;

const FUNCTIONS = [
  sweepRenewals,
  collectCharges,
  settleCharges,
  settleRefunds,
  tidyUp,
  handleWebhook,
  numberInvoices,
  forecastCharges,
  reconcile,
  checkInvariants,
];

/** Made at the first request: a build knows no address. */
let handlers: ReturnType<typeof serve> | undefined;

function handlersOf(): ReturnType<typeof serve> {
  handlers ??= serve({
    client: inngest,
    // Told, and not read from the request: a PUT is unsigned, and would register whatever host it was sent to.
    serveOrigin: env().APP_URL,
    servePath: "/api/inngest",
    functions: FUNCTIONS,
  });
  return handlers;
}

type Handler = ReturnType<typeof serve>["GET"];

export const GET: Handler = (...call) => handlersOf().GET(...call);
export const POST: Handler = (...call) => handlersOf().POST(...call);
export const PUT: Handler = (...call) => handlersOf().PUT(...call);
