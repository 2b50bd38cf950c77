import {
  newOrderId,
  type RegisteredCard,
  type TossAnswer,
  type TossCaller,
} from "@/packages/toss-twin/testing/caller";

/** One checkable statement of the fact sheet: its section, the tag of the fact, and what was seen. */
export type ConformanceCase = {
  readonly section: string;
  readonly tag: "doc" | "3rd-live" | "guess";
  readonly says: string;
  /** Ends with what was seen and what the fact sheet expects. */
  readonly observe: (toss: TossCaller) => Promise<readonly [seen: unknown, expected: unknown]>;
};

/** Why a case cannot be observed where it runs, as at the real Toss, which has no windows without a person. */
export class NotObservable extends Error {
  override readonly name = "NotObservable";
}

/** Keeps the idempotency keys of one run apart from those of another. */
export const run = crypto.randomUUID().slice(0, 8);

/** Long before any payment, in local time. */
export const local = "2000-01-01T00:00:00";

export const documented = factsOf("doc");
export const seenLive = factsOf("3rd-live");
export const guessed = factsOf("guess");

function factsOf(tag: ConformanceCase["tag"]) {
  return (
    section: string,
    says: string,
    see: (toss: TossCaller) => Promise<readonly unknown[]>,
  ): ConformanceCase => ({
    section,
    tag,
    says,
    observe: async (toss) => {
      const [seen, expected, ...more] = await see(toss);
      const pairs = more.map((pair) => (Array.isArray(pair) ? pair : []));
      return [
        [seen, ...pairs.map(([further]) => further)],
        [expected, ...pairs.map(([, further]) => further)],
      ];
    },
  });
}

export function codeOf(
  answer: TossAnswer,
  status: number,
  code: string,
): readonly [unknown, unknown] {
  return [
    [answer.status, answer.json.code, typeof answer.json.message],
    [status, code, "string"],
  ];
}

export function chargeBody({ customerKey }: RegisteredCard): Record<string, unknown> {
  return { customerKey, amount: 9_900, orderId: newOrderId(), orderName: "베이직" };
}

export function cardBody(cardNumber: string) {
  return {
    customerKey: crypto.randomUUID(),
    cardNumber,
    cardExpirationYear: "99",
    cardExpirationMonth: "12",
    customerIdentityNumber: "990101",
  };
}

export async function authorized(
  toss: TossCaller,
): Promise<{ paymentKey: string; orderId: string; amount: number }> {
  return toss.control.authorizePayment({
    orderId: newOrderId(),
    amount: 9_900,
    orderName: "전자책",
  });
}

export async function cancelPathOfNew(
  toss: TossCaller,
  body: Record<string, unknown> = {},
): Promise<string> {
  const charged = await toss.charge(await toss.register(), { body });
  return `/v1/payments/${String(charged.json.paymentKey)}/cancel`;
}

export function basic(credentials: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}
