import type { FaultRules } from "@/packages/toss-twin/faults/rules";
import type { CallLog } from "@/packages/toss-twin/http/call-log";
import type { Store } from "@/packages/toss-twin/store/store";
import type { Agenda } from "@/packages/toss-twin/time/agenda";
import type { KeyEncoding } from "@/packages/toss-twin/webhook/signature";
import type { Webhooks } from "@/packages/toss-twin/webhook/webhooks";

export type Merchant = {
  readonly mId: string;
  readonly clientKey: string;
  readonly secretKey: string;
  readonly apiVersion: "2022-11-16" | "2024-06-01";
};

/** Switches of the emulator that are no part of Toss's books and therefore not kept in the state file. */
export type Settings = {
  /** Added before each API call is executed. */
  latencyMs: number;
  /** How long the scenario card "slow" takes. */
  slowMs: number;
  /** Whether a 5xx answer stays bound to its idempotency key; Toss does not say. */
  store5xx: boolean;
  /** Whether a declined charge leaves an ABORTED payment that uses up its order id; Toss does not say. */
  declinedChargeUsesOrderId: boolean;
  /** Whether the contract allows POST /v1/billing/authorizations/card. */
  cardRegistrationApi: boolean;
  /** Whether the contract allows accountKey, the fixed virtual account of a customer. */
  fixedVirtualAccounts: boolean;
  /** Whether the contract allows POST /v1/settlements. */
  manualSettlement: boolean;
  authKeyLifeMinutes: number;
  /** Calls per minute and operation before 429; 0 sets no limit. The real test environment allows about 100. */
  callsPerMinute: number;
  webhookTimeoutMs: number;
  /** What payout and seller webhooks are signed with: two while a key is being replaced. */
  securityKeys: readonly string[];
  securityKeyEncoding: KeyEncoding;
};

/** What every part of one running emulator shares. */
export type World = {
  readonly store: Store;
  readonly agenda: Agenda;
  readonly webhooks: Webhooks;
  readonly merchants: readonly Merchant[];
  readonly settings: Settings;
  readonly faults: FaultRules;
  readonly calls: CallLog;
  /** Epoch milliseconds on the emulator's clock. */
  readonly now: () => number;
  /** Whether the clock belongs to the emulator alone. */
  readonly ownsClock: boolean;
  /** Moves the clock forward to an instant; null when it is read from somewhere that cannot be moved. */
  readonly moveClock: ((to: number) => void) | null;
  /** Where somebody who shares the clock moves it with all that they have booked; null when nobody does. */
  readonly timePage: string | null;
  readonly publicUrl: string;
  /** Real time; ends early, and for good, when the emulator is closed. */
  readonly wait: (ms: number) => Promise<void>;
  /** Takes no connections for some milliseconds of real time. */
  readonly refuseConnections: (forMs: number) => void;
};

export const defaultSettings: Settings = {
  latencyMs: 0,
  slowMs: 55_000,
  store5xx: false,
  declinedChargeUsesOrderId: false,
  cardRegistrationApi: false,
  fixedVirtualAccounts: false,
  manualSettlement: false,
  authKeyLifeMinutes: 30,
  callsPerMinute: 0,
  webhookTimeoutMs: 10_000,
  securityKeys: ["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],
  securityKeyEncoding: "text",
};

/** The API version of a key: those of the order form are pinned to 2022-11-16. */
export function versionOf(merchant: Merchant | undefined, keySet: "individual" | "widget"): string {
  return keySet === "widget" ? "2022-11-16" : (merchant?.apiVersion ?? "2022-11-16");
}

/** The key pair of the order form (widgets): the same key with the other prefix. */
export function widgetKey(individualKey: string): string {
  return individualKey.replace(/^test_([cs])k_/, "test_g$1k_");
}
