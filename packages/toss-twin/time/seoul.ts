const seoulOffsetMs = 9 * 3_600_000;

/** No instant of the emulator lies behind it. */
export const endOfTime = Date.UTC(2999, 0, 1);

/** An instant as the API writes it: `2026-03-02T10:15:30+09:00`. */
export function seoulTime(epochMs: number): string {
  return `${new Date(epochMs + seoulOffsetMs).toISOString().slice(0, 19)}+09:00`;
}

/** As webhooks write it: Korean time with microseconds and without an offset, `2026-03-02T10:15:30.123000`. */
export function seoulTimeWithoutOffset(epochMs: number): string {
  return `${new Date(epochMs + seoulOffsetMs).toISOString().slice(0, 23)}000`;
}

/** The Korean day of an instant, `2026-03-02`. */
export function seoulDay(epochMs: number): string {
  return new Date(epochMs + seoulOffsetMs).toISOString().slice(0, 10);
}

/** The first instant of a Korean day; null when the text is no real day. */
export function parseSeoulDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  return parseSeoulLocalTime(`${text}T00:00:00`);
}

/** Reads a local date-time without zone as Korean time; null for anything else, a "Z" or an offset included. */
export function parseSeoulLocalTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?$/.test(text)) return null;
  const epochMs = Date.parse(`${text.slice(0, 23)}Z`);
  if (Number.isNaN(epochMs)) return null;
  const isRealDay = new Date(epochMs).toISOString().slice(0, 19) === text.slice(0, 19);
  return isRealDay ? epochMs - seoulOffsetMs : null;
}

/**
 * The same clock time `months` later, on the day of the month `anchorDay` or the month's last day:
 * from 31 January one month is 28 February, and with the anchor 31 the next is 31 March.
 */
export function addSeoulMonths(epochMs: number, months: number, anchorDay: number): number {
  const local = new Date(epochMs + seoulOffsetMs);
  const target = new Date(local);
  target.setUTCDate(1);
  target.setUTCMonth(local.getUTCMonth() + months + 1, 0);
  target.setUTCDate(Math.min(anchorDay, target.getUTCDate()));
  return target.getTime() - seoulOffsetMs;
}

export function seoulDayOfMonth(epochMs: number): number {
  return new Date(epochMs + seoulOffsetMs).getUTCDate();
}
