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

/** Every job of the app: what the job engine is told, and what a moved clock runs on its way. */
export const JOBS = [
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
