import type { Finding } from "./books";

export const POINTS: readonly string[] = [];

export function findUnreached(hits: ReadonlyMap<string, number>): Finding[] {
  return POINTS.filter((point) => !hits.has(point)).map((point) => ({
    kind: "unreached",
    subject: point,
    text: "no worker ever reached this point, so nothing is proved about it",
  }));
}
