/** One line of JSON per event on standard output. Callers pass ids and codes, never keys, cards or bodies. */
export function log(
  level: "info" | "warn" | "error",
  event: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const line = JSON.stringify({ level, event, ...fields });
  // biome-ignore lint/suspicious/noConsole: this is the one place that writes the log.
  console[level](line);
}

/** What may be said of a fault in the log: its name and message, and those of its causes. */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const cause = fault.cause === undefined ? "" : ` ← ${describeFault(fault.cause)}`;
  return `${fault.name}: ${fault.message}${cause}`;
}
