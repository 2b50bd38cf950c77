import type { z } from "zod";
import type {
  AuthorizeBilling,
  AuthorizePayment,
  BulkIssue,
  ChangeSettings,
  ClockView,
  DeleteBillingKey,
  MoveClock,
  StateDump,
} from "./control-schemas";
import type { ActiveFault, NewFaultRule } from "./faults";
import type { Settings } from "./world";

/** The control API of a running emulator as functions; each throws an Error when it is refused. */
export type TossControl = {
  readonly health: () => Promise<{ ok: true }>;
  /** `only` narrows payments and billing keys. */
  readonly state: (only?: { orderId?: string; customerKey?: string }) => Promise<StateDump>;
  readonly faults: () => Promise<readonly ActiveFault[]>;
  readonly addFault: (rule: NewFaultRule) => Promise<ActiveFault>;
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
  readonly reset: () => Promise<void>;
};

export function createTossControl(url: string): TossControl {
  const call = <T>(method: string, path: string, body?: unknown) =>
    callControl<T>(`${url}/control/${path}`, method, body);
  return {
    health: () => call("GET", "health"),
    state: (only = {}) => call("GET", `state?${new URLSearchParams(only).toString()}`),
    faults: () => call("GET", "faults"),
    addFault: (rule) => call("POST", "faults", rule),
    clearFaults: async (id) => {
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
    reset: async () => {
      await call("POST", "reset", {});
    },
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
