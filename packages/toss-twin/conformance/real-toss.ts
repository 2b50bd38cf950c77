import { createTossCaller, type TossCaller } from "@/packages/toss-twin/testing/caller";
import { NotObservable } from "./kit";

const realUrl = "https://api.tosspayments.com";

/** The test environment allows about 100 calls a minute. */
const pauseMs = 700;

/** Test cards that issue and charge at the real test API (fact sheet section 8). */
const cardNumber = "9410000000000000";

/**
 * The real Toss test environment for the conformance cases: slow enough for its limits, billing keys by the
 * registration API where the key may use it, and no control API, so that cases that need one are not observed.
 */
export function createRealToss(secretKey: string): TossCaller {
  if (!/^test_g?sk_/.test(secretKey)) {
    throw new Error("Only a test_ secret key may be used; a live key would move money.");
  }
  const toss = createTossCaller(realUrl, secretKey);
  let earliest = 0;

  const call: TossCaller["call"] = async (method, path, options) => {
    const now = Date.now();
    const startAt = Math.max(now, earliest);
    earliest = startAt + pauseMs;
    await new Promise((resolve) => setTimeout(resolve, startAt - now));
    return toss.call(method, path, options);
  };

  return {
    call,
    control: new Proxy(toss.control, {
      get(_, name) {
        return () => {
          throw new NotObservable(`needs a window or a switch of the emulator (${String(name)})`);
        };
      },
    }),
    async register(scenario = "normal") {
      if (scenario !== "normal") throw new NotObservable(`needs the card "${scenario}"`);
      const customerKey = crypto.randomUUID();
      const { status, json } = await call("POST", "/v1/billing/authorizations/card", {
        body: {
          ...{ customerKey, cardNumber, cardExpirationYear: "39", cardExpirationMonth: "12" },
          customerIdentityNumber: "990101",
        },
      });
      if (status === 200) return { customerKey, billingKey: String(json.billingKey) };
      throw new NotObservable(
        `needs card registration by API, which answered ${String(json.code)}`,
      );
    },
    charge({ customerKey, billingKey }, { body, ...options } = {}) {
      const orderId = `ord_${crypto.randomUUID()}`;
      return call("POST", `/v1/billing/${encodeURIComponent(billingKey)}`, {
        ...options,
        body: { customerKey, amount: 9_900, orderId, orderName: "베이직", ...body },
      });
    },
  };
}
