import type { Outcome } from "./case";

/** The first place where two outcomes differ, in words; null when they are equal. */
export function firstDifference(expected: Outcome, got: Outcome): string | null {
  for (const at of expected.invoices.keys()) {
    const difference = differenceOf(expected.invoices[at], got.invoices[at], `invoice ${at + 1}`);
    if (difference) return difference;
  }
  return differenceOf(expected, got, "");
}

function differenceOf(expected: unknown, got: unknown, path: string): string | null {
  if (isObject(expected) && isObject(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const place = Array.isArray(expected) ? `${path} ${Number(key) + 1}` : `${path} ${key}`;
      const difference = differenceOf(expected[key], got[key], place.trim());
      if (difference) return difference;
    }
    return null;
  }
  // A date that is null and one that is left out say the same.
  if (Object.is(expected ?? undefined, got ?? undefined)) return null;
  return `${path}: expected ${words(expected)}, the rules give ${words(got)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function words(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
