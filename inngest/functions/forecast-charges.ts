import { cron } from "inngest";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { forecastCharges } from "@/lib/operations/renewal/forecast";

/** At 23:00 in Seoul, when the day's charging is over: writes down what the coming days should bring. */
export const forecastChargesJob = inngest.createFunction(
  {
    id: "forecast-charges",
    triggers: [cron("TZ=Asia/Seoul 0 23 * * *")],
    singleton: { mode: "skip" },
    retries: 4,
  },
  async ({ step }) => ({ days: await step.run("forecast", () => forecastCharges(deps())) }),
);
