/** Stands in for `lib/deps` in a worker: the real clock, ids, Toss client, vault and hints, with points around each. */
import { type Deps, deps as realDeps } from "@/lib/deps";
import { env } from "@/lib/env";
import { createTossClient } from "@/lib/toss/client";
import type { TossGateway } from "@/lib/toss/gateway";
import { sabotageDeps } from "@/sandbox/prove/sabotage";
import { reach, reachDuring } from "./fate";

export * from "@/lib/deps";

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
    toss: withPoints(toss),
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

function withPoints(toss: TossGateway): TossGateway {
  return {
    issueBillingKey: around("toss.issue", (...args) => toss.issueBillingKey(...args)),
    chargeBillingKey: around("toss.charge", (...args) => toss.chargeBillingKey(...args)),
    confirmPayment: around("toss.confirm", (...args) => toss.confirmPayment(...args)),
    findByOrderId: around("toss.find", (...args) => toss.findByOrderId(...args)),
    findByPaymentKey: around("toss.find", (...args) => toss.findByPaymentKey(...args)),
    cancelPayment: around("toss.cancel", (...args) => toss.cancelPayment(...args)),
    deleteBillingKey: around("toss.delete", (...args) => toss.deleteBillingKey(...args)),
  };
}

function around<A extends readonly unknown[], R>(
  call: string,
  send: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    reach(`${call}.before`);
    const answer = send(...args);
    reachDuring(`${call}.during`, "call");
    const outcome = await answer;
    reach(`${call}.after`);
    return outcome;
  };
}
