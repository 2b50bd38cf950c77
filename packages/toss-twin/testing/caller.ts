import { createTossControl, type TossControl } from "@/packages/toss-twin/control/client";

/** A caller of the API as tests need it: raw status, headers and bytes, and nothing repaired. */
export type TossCaller = {
  readonly control: TossControl;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<TossAnswer>;
  /** A billing key whose card behaves as `scenario`, with the customer it belongs to. */
  readonly register: (scenario?: ScenarioName) => Promise<RegisteredCard>;
  /** Charges with a fresh order id unless `body` names one. */
  readonly charge: (card: RegisteredCard, options?: CallOptions) => Promise<TossAnswer>;
};

export type CallOptions = {
  readonly body?: Readonly<Record<string, unknown>>;
  /** Sent as it is, in place of `body`. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
};

export type TossAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
};

export type RegisteredCard = { readonly customerKey: string; readonly billingKey: string };

type ScenarioName = NonNullable<Parameters<TossControl["issueBillingKeys"]>[0]["scenario"]>;

export function createTossCaller(url: string, secretKey: string): TossCaller {
  const control = createTossControl(url);
  const authorization = `Basic ${Buffer.from(`${secretKey}:`).toString("base64")}`;

  async function call(method: string, path: string, options: CallOptions = {}) {
    const body = options.rawBody ?? (options.body ? JSON.stringify(options.body) : null);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization,
        "content-type": "application/json",
        ...(options.key === undefined ? {} : { "idempotency-key": options.key }),
        ...options.headers,
      },
      ...(body === null ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parseObject(text) };
  }

  return {
    control,
    call,
    async register(scenario = "normal") {
      const customerKey = crypto.randomUUID();
      const issued = await control.issueBillingKeys({ customerKeys: [customerKey], scenario });
      return { customerKey, billingKey: issued[0]?.billingKey ?? "" };
    },
    charge({ customerKey, billingKey }, { body, ...options } = {}) {
      return call("POST", `/v1/billing/${encodeURIComponent(billingKey)}`, {
        ...options,
        body: { customerKey, amount: 9_900, orderId: newOrderId(), orderName: "베이직", ...body },
      });
    },
  };
}

export function newOrderId(): string {
  return `ord_${crypto.randomUUID()}`;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : {};
  } catch {
    return {};
  }
}
