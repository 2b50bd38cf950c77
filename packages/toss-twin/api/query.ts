import { TossError } from "./errors";

/** A whole number from 0 in the query; `missing` when it is not there. */
export function wholeNumber(query: URLSearchParams, name: string, missing: number): number {
  const text = query.get(name);
  if (text === null) return missing;
  if (!/^\d{1,9}$/.test(text)) throw new TossError("INVALID_REQUEST", name);
  return Number(text);
}

/** Rows of a page: 100 unless the query says otherwise, at most `max`. */
export function pageSize(query: URLSearchParams, name: string, max: number): number {
  const size = wholeNumber(query, name, 100);
  if (size === 0) throw new TossError("INVALID_REQUEST", name);
  if (size > max) throw new TossError("EXCEED_MAX_QUERY_LIMIT");
  return size;
}
