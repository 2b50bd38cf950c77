import { checkDatabase } from "@/db/check-database";
import { env } from "./env";
import { describeFault, log } from "./log";

/** Ends the process with one clear message when it could not do its work: a bad environment, or no database. */
export async function checkStart(): Promise<void> {
  try {
    env();
    await checkDatabase(env().DATABASE_URL);
    if (env().APP_ENV === "production" && env().TOSS_SECRET_KEY.startsWith("test_"))
      log("warn", "toss.test-keys");
  } catch (fault) {
    process.stderr.write(`${fault instanceof Error ? fault.message : describeFault(fault)}\n`);
    process.exit(1);
  }
}
