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

/** A charge may take Toss a minute; platforms that end requests early must allow this many seconds. */
export const maxDuration = 300;

export const { GET, POST, PUT } = serve({
  client: inngest,
  functions: [
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
  ],
});
