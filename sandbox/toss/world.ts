import type { CallLog } from "./call-log";
import type { FaultRules } from "./faults";
import type { Store } from "./store";

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
  authKeyLifeMinutes: number;
};

/** What every part of one running emulator shares. */
export type World = {
  readonly store: Store;
  readonly merchants: readonly Merchant[];
  readonly settings: Settings;
  readonly faults: FaultRules;
  readonly calls: CallLog;
  /** Epoch milliseconds on the emulator's clock. */
  readonly now: () => number;
  /** Whether the clock belongs to the emulator alone and may be moved by its control API. */
  readonly ownsClock: boolean;
  readonly publicUrl: string;
  /** Real time; ends early, and for good, when the emulator is closed. */
  readonly wait: (ms: number) => Promise<void>;
};

export const defaultSettings: Settings = {
  latencyMs: 0,
  slowMs: 55_000,
  store5xx: false,
  declinedChargeUsesOrderId: false,
  cardRegistrationApi: false,
  authKeyLifeMinutes: 30,
};
