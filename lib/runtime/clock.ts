/** Where now comes from. Nothing else in the app reads the time. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };
