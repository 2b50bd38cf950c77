import type { z } from "zod";
import type { ActiveFault, NewFaultRule } from "@/packages/toss-twin/faults/rules";
import type { DeliveryRecord, RegistrationRecord } from "@/packages/toss-twin/store/records";
import type { Settings } from "@/packages/toss-twin/world";
import type {
  AuthorizeBilling,
  AuthorizePayment,
  BulkIssue,
  ChangeCard,
  ChangeSettings,
  ClockView,
  DeleteBillingKey,
  DepositInto,
  MoveClock,
  RegisterWebhook,
  SendWebhook,
  StateDump,
} from "./schemas";

/** The control API of a running emulator as functions; each throws an Error when it is refused. */
export type TossControl = {
  readonly health: () => Promise<{ ok: true }>;
  /** `only` narrows payments and billing keys. */
  readonly state: (only?: { orderId?: string; customerKey?: string }) => Promise<StateDump>;
  readonly faults: () => Promise<readonly ActiveFault[]>;
  readonly addFault: (rule: NewFaultRule) => Promise<ActiveFault>;
  /** Runs something under a fault that is gone afterwards, used up or not. */
  readonly withFault: <T>(rule: LimitedFaultRule, run: () => Promise<T>) => Promise<T>;
  /** One fault, or all of them. */
  readonly clearFaults: (id?: string) => Promise<void>;
  readonly clock: () => Promise<ClockView>;
  readonly moveClock: (move: z.input<typeof MoveClock>) => Promise<ClockView>;
  readonly settings: () => Promise<Settings>;
  readonly changeSettings: (change: z.input<typeof ChangeSettings>) => Promise<Settings>;
  /** What the registration window does. */
  readonly authorizeBilling: (
    asked: z.input<typeof AuthorizeBilling>,
  ) => Promise<{ authKey: string }>;
  /** What the payment window does. */
  readonly authorizePayment: (
    asked: z.input<typeof AuthorizePayment>,
  ) => Promise<{ paymentKey: string; orderId: string; amount: number }>;
  readonly issueBillingKeys: (
    asked: z.input<typeof BulkIssue>,
  ) => Promise<readonly { customerKey: string; billingKey: string }[]>;
  readonly deleteBillingKey: (
    asked: z.input<typeof DeleteBillingKey>,
  ) => Promise<{ deleted: number }>;
  /** What the card behind a billing key does from now on. */
  readonly changeCard: (asked: z.input<typeof ChangeCard>) => Promise<{ changed: number }>;
  /** Pays into a virtual account. */
  readonly deposit: (asked: z.input<typeof DepositInto>) => Promise<void>;
  /** Lets the bank take a deposit back. */
  readonly depositError: (asked: z.input<typeof DepositInto>) => Promise<void>;
  readonly registerWebhook: (asked: z.input<typeof RegisterWebhook>) => Promise<RegistrationRecord>;
  readonly removeWebhook: (id: string) => Promise<void>;
  /** Newest first. */
  readonly deliveries: () => Promise<readonly DeliveryRecord[]>;
  readonly resend: (deliveryId: string) => Promise<void>;
  /** An event of one's own making, true or not. */
  readonly sendWebhook: (asked: z.input<typeof SendWebhook>) => Promise<void>;
  /** Resolves when every webhook and expiry that is due by the clock has happened. */
  readonly catchUp: () => Promise<void>;
  /** The whole state as one value, which `importState` takes back. */
  readonly exportState: () => Promise<unknown>;
  readonly importState: (state: unknown) => Promise<void>;
  readonly reset: () => Promise<void>;
};

type LimitedFaultRule = Exclude<NewFaultRule, { kind: "connection-refused" }>;

export function createTossControl(url: string): TossControl {
  const call = <T>(method: string, path: string, body?: unknown) =>
    callControl<T>(`${url}/control/${path}`, method, body);
  return {
    health: () => call("GET", "health"),
    state: (only = {}) => call("GET", `state?${new URLSearchParams(only).toString()}`),
    faults: () => call("GET", "faults"),
    addFault: (rule) => call("POST", "faults", rule),
    async withFault(rule, run) {
      const { id } = await call<ActiveFault>("POST", "faults", rule);
      try {
        return await run();
      } finally {
        const left = await call<readonly ActiveFault[]>("GET", "faults");
        if (left.some((fault) => fault.id === id)) await call("DELETE", `faults/${id}`);
      }
    },
    async clearFaults(id) {
      await call("DELETE", id === undefined ? "faults" : `faults/${id}`);
    },
    clock: () => call("GET", "clock"),
    moveClock: (move) => call("POST", "clock", move),
    settings: () => call("GET", "settings"),
    changeSettings: (change) => call("POST", "settings", change),
    authorizeBilling: (asked) => call("POST", "authorize-billing", asked),
    authorizePayment: (asked) => call("POST", "authorize-payment", asked),
    issueBillingKeys: async (asked) => {
      type Issued = { billingKeys: { customerKey: string; billingKey: string }[] };
      return (await call<Issued>("POST", "billing-keys", asked)).billingKeys;
    },
    deleteBillingKey: (asked) => call("POST", "delete-billing-key", asked),
    changeCard: (asked) => call("POST", "card", asked),
    deposit: (asked) => call("POST", "deposit", asked),
    depositError: (asked) => call("POST", "deposit-error", asked),
    registerWebhook: (asked) => call("POST", "webhooks", asked),
    removeWebhook: (id) => call("DELETE", `webhooks/${id}`),
    deliveries: () => call("GET", "deliveries"),
    resend: (deliveryId) => call("POST", `deliveries/${deliveryId}/resend`, {}),
    sendWebhook: (asked) => call("POST", "send-webhook", asked),
    catchUp: () => call("POST", "catch-up", {}),
    exportState: () => call("GET", "export"),
    importState: (state) => call("POST", "import", state),
    reset: () => call("POST", "reset", {}),
  };
}

async function callControl<T>(url: string, method: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} was refused: ${response.status} ${text}`);
  const answer: T = JSON.parse(text);
  return answer;
}
