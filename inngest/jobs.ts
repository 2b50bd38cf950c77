import { checkInvariantsJob } from "@/inngest/functions/check-invariants";
import { collectChargesJob } from "@/inngest/functions/collect-charges";
import { forecastChargesJob } from "@/inngest/functions/forecast-charges";
import { handleWebhookJob } from "@/inngest/functions/handle-webhook";
import { numberInvoicesJob } from "@/inngest/functions/number-invoices";
import { reconcileJob } from "@/inngest/functions/reconcile";
import { settleChargesJob } from "@/inngest/functions/settle-charges";
import { settleRefundsJob } from "@/inngest/functions/settle-refunds";
import { sweepRenewalsJob } from "@/inngest/functions/sweep-renewals";
import { tidyUpJob } from "@/inngest/functions/tidy-up";

/** Every job of the app: what the job engine is told, and what a moved clock runs on its way. */
export const JOBS = [
  sweepRenewalsJob,
  collectChargesJob,
  settleChargesJob,
  settleRefundsJob,
  tidyUpJob,
  handleWebhookJob,
  numberInvoicesJob,
  forecastChargesJob,
  reconcileJob,
  checkInvariantsJob,
];
