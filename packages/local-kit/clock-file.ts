import { readFileSync, renameSync, writeFileSync } from "node:fs";

type Reading = { readonly file: string; readonly at: number; readonly offsetMs: number };

let last: Reading | undefined;

/**
 * Real time plus the offset kept in `file`; no file is no offset.
 * Reads the file again in each millisecond, so that every process on the machine sees a move within one. That is at most
 * a thousand short reads a second, however many calls ask for the time.
 */
export function readClockFile(file: string): Date {
  const at = Date.now();
  if (last?.file !== file || last.at !== at) last = { file, at, offsetMs: readOffsetMs(file) };
  return new Date(at + last.offsetMs);
}

/** Moves the clock forward to `target`. A target in the past changes nothing, since time only goes on. */
export function moveClockFile(file: string, target: Date): void {
  const offsetMs = target.getTime() - Date.now();
  if (offsetMs <= readOffsetMs(file)) return;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ offsetMs }));
  renameSync(temporary, file);
  last = undefined;
}

function readOffsetMs(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  const parsed: unknown = JSON.parse(text);
  if (
    typeof parsed === "object" &&
    parsed &&
    "offsetMs" in parsed &&
    Number.isFinite(parsed.offsetMs)
  ) {
    return Number(parsed.offsetMs);
  }
  throw new Error(`The clock file ${file} must hold {"offsetMs": number}.`);
}
