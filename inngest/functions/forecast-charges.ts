import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { forecastCharges } from "@/lib/operations/renewal/forecast";
import { reviewExpectations } from "@/lib/operations/renewal/review-expectations";

/** At 23:00 in Seoul, when the day's charging is over: writes down what the coming days should bring, and checks what was saved for them. */
export const forecastChargesJob = inngest.createFunction(
  {
    id: "forecast-charges",
    triggers: [cron("TZ=Asia/Seoul 0 23 * * *")],
    singleton: { mode: "skip" },
    retries: 4,
  },
  async ({ step }) => ({
    days: await step.run("forecast", () => forecastCharges(deps())),
    expectations: await step.run("review-expectations", () => reviewExpectations(deps())),
  }),
);
