const seoulOffsetMs = 9 * 3_600_000;

/** An instant as the API writes it: `2026-03-02T10:15:30+09:00`. */
export function seoulTime(epochMs: number): string {
  return `${new Date(epochMs + seoulOffsetMs).toISOString().slice(0, 19)}+09:00`;
}

/** Reads a local date-time without zone as Korean time; null for anything else, a "Z" or an offset included. */
export function parseSeoulLocalTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?$/.test(text)) return null;
  const epochMs = Date.parse(`${text.slice(0, 23)}Z`);
  if (Number.isNaN(epochMs)) return null;
  const isRealDay = new Date(epochMs).toISOString().slice(0, 19) === text.slice(0, 19);
  return isRealDay ? epochMs - seoulOffsetMs : null;
}
