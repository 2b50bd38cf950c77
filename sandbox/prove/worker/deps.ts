/** Stands in for `deps` in a worker: the real clock, ids, Toss client, vault and hints, with points around each. */
import { deps as realDeps } from "@/deps";
import type { Gateway } from "@/lib/gateway/gateway";
import type { Deps } from "@/lib/runtime/deps";
import { env } from "@/lib/runtime/env";
import { createTossClient } from "@/lib/toss/client";
import { reach, reachDuring } from "./fate";
import { sabotageDeps } from "./sabotaged";

/** Short, so that real time-outs happen: the emulator's slow answers take longer than this. */
const CHARGE_TIMEOUT_MS = 700;

let wired: Deps | undefined;

export function deps(): Deps {
  wired ??= wire();
  return wired;
}

function wire(): Deps {
  const real = realDeps();
  const toss = createTossClient({
    secretKey: env().TOSS_SECRET_KEY,
    baseUrl: env().TOSS_API_URL,
    onCall: () => undefined,
    chargeTimeoutMs: CHARGE_TIMEOUT_MS,
  });
  return sabotageDeps({
    ...real,
    gateway: withPoints(toss),
    vault: {
      ...real.vault,
      seal(plain, context) {
        reach("vault.seal");
        return real.vault.seal(plain, context);
      },
    },
    async hint(hints) {
      reach("hint.before");
      await real.hint(hints);
      reach("hint.after");
    },
  });
}

/** Short names of the calls that matter most; any other goes by its own. */
const CALLS: Readonly<Record<string, string>> = {
  issueBillingKey: "toss.issue",
  chargeBillingKey: "toss.charge",
  confirmPayment: "toss.confirm",
  findByOrderId: "toss.find",
  cancelPayment: "toss.cancel",
  deleteBillingKey: "toss.delete",
};

function withPoints(toss: Gateway): Gateway {
  const parts = Object.entries(toss).map(([name, part]) => [
    name,
    typeof part === "function"
      ? around(CALLS[name] ?? `toss.${name}`, part as (...args: readonly unknown[]) => unknown)
      : part,
  ]);
  return Object.fromEntries(parts) as Gateway;
}

function around(
  call: string,
  send: (...args: readonly unknown[]) => unknown,
): (...args: readonly unknown[]) => Promise<unknown> {
  return async (...args) => {
    reach(`${call}.before`);
    const answer = send(...args);
    reachDuring(`${call}.during`, "call");
    const outcome = await answer;
    reach(`${call}.after`);
    return outcome;
  };
}
