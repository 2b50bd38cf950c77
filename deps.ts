/** The one place where the outside is wired: clock, ids, Toss, the vault for keys, and hints to the job engine. */
import { setTimeout as sleep } from "node:timers/promises";
import { publishHints } from "@/inngest/client";
import { type Clock, systemClock } from "@/lib/runtime/clock";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { createIds } from "@/lib/runtime/ids";
import { describeFault, log } from "@/lib/runtime/log";
import { createVault } from "@/lib/runtime/secrets";
import { createTossClient } from "@/lib/toss/client";
import { readClockFile } from "@/packages/local-kit/clock-file";

let wired: Deps | undefined;

export function deps(): Deps {
  wired ??= wire();
  return wired;
}

function wire(): Deps {
  const { TOSS_SECRET_KEY, TOSS_API_URL, BILLING_KEY_SECRETS } = env();
  const clock = clockOf(env());
  return {
    clock,
    newId: createIds(clock),
    gateway: createTossClient({
      secretKey: TOSS_SECRET_KEY,
      baseUrl: TOSS_API_URL,
      onCall: (call) => log("info", "toss.call", call),
    }),
    vault: createVault(BILLING_KEY_SECRETS),
    pace: {
      callsPerSecond: env().TOSS_CALLS_PER_SECOND,
      callsInFlight: env().TOSS_CALLS_IN_FLIGHT,
    },
    wait: (ms) => sleep(ms),
    async hint(hints) {
      try {
        await publishHints(hints);
      } catch (fault) {
        log("warn", "hint.lost", { fault: describeFault(fault) });
      }
    },
  };
}

/** Real time, but for the sandbox, whose clock can be moved; lib/runtime/env refuses a sandbox clock anywhere else. */
function clockOf({
  APP_ENV,
  SANDBOX_CLOCK_FILE: file,
}: Pick<ReturnType<typeof env>, "APP_ENV" | "SANDBOX_CLOCK_FILE">): Clock {
  return APP_ENV === "sandbox" && file ? { now: () => readClockFile(file) } : systemClock;
}
