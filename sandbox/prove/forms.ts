import type { ProveOptions } from "./prove";

type Form = Omit<ProveOptions, "seed" | "sabotage" | "serverUrl" | "say" | "signal">;

export const FULL: Form = {
  kills: 2_000,
  days: { least: 70, most: 400, stride: 1 },
  subscribers: 120,
  customersPerDay: 9,
  isComplete: true,
  killsPerDay: 18,
  seconds: 1_200,
};

/** A part of `npm test`. */
export const SHORT: Form = {
  kills: 200,
  days: { least: 8, most: 60, stride: 5 },
  subscribers: 24,
  customersPerDay: 9,
  isComplete: false,
  killsPerDay: 18,
  seconds: 300,
};

/** Enough months and trouble for a broken variant to show. */
export const SABOTAGED: Form = {
  kills: 40,
  days: { least: 12, most: 12, stride: 6 },
  subscribers: 28,
  customersPerDay: 9,
  isComplete: false,
  killsPerDay: 5,
  seconds: 240,
};
