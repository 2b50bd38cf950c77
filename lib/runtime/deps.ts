import type { Gateway } from "@/lib/gateway/gateway";
import type { Clock } from "./clock";
import type { Hint } from "./hint";
import type { NewId } from "./ids";
import type { Vault } from "./secrets";

/** The outside, as operations are handed it. */
export type Deps = {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly gateway: Gateway;
  readonly vault: Vault;
  /** What all processes together may send to Toss. */
  readonly pace: { readonly callsPerSecond: number; readonly callsInFlight: number };
  readonly wait: (ms: number) => Promise<void>;
  /** Tells the job engine where to look. Never fails: what is lost is found by the next sweep. */
  readonly hint: (hints: readonly Hint[]) => Promise<void>;
};

/** What an operation needs that asks nobody outside. */
export type ClockAndIds = Pick<Deps, "clock" | "newId">;

/** What an operation needs that writes attempts for the provider, and sends none. */
export type WithProvider = ClockAndIds & {
  readonly gateway: Pick<Gateway, "provider" | "capabilities">;
};
