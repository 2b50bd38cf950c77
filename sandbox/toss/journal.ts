import { closeSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

const header = JSON.stringify({ format: "toss-emulator-journal", version: 1 });

/** One change: the whole new value of a thing. Replaying all changes in order rebuilds the state. */
export type Change = readonly [kind: string, value: unknown];

/**
 * An append-only file of JSON lines, one line for each batch of changes that belong together.
 * A line is written before the call that caused it is answered, so a killed process loses at most the call in flight:
 * its half-written last line is dropped at the next start.
 */
export type Journal = {
  readonly append: (changes: readonly Change[]) => void;
  /** Replaces the whole file by `changes`, atomically. */
  readonly rewrite: (changes: Iterable<Change>) => void;
  readonly close: () => void;
};

/** Reads the changes of `file`; none when it does not exist. Throws when it is not such a journal. */
export function readJournal(file: string): Change[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  const lines = text.split("\n");
  const unfinished = lines.pop();
  if (lines.length === 0 && header.startsWith(unfinished ?? "")) return [];
  if (lines[0] !== header) {
    throw new Error(`${file} is not a journal of the Toss emulator; name another --state file.`);
  }
  return lines.slice(1).flatMap((line, index) => parseLine(file, line, index + 2));
}

export function openJournal(file: string): Journal {
  let descriptor = openSync(file, "a", 0o600);
  return {
    append(changes) {
      writeFully(descriptor, `${JSON.stringify(changes)}\n`);
    },
    rewrite(changes) {
      const temporary = `${file}.${process.pid}.tmp`;
      const next = openSync(temporary, "w", 0o600);
      writeFully(next, `${header}\n`);
      for (const change of changes) writeFully(next, `${JSON.stringify([change])}\n`);
      renameSync(temporary, file);
      closeSync(descriptor);
      descriptor = next;
    },
    close() {
      closeSync(descriptor);
    },
  };
}

function parseLine(file: string, line: string, number: number): Change[] {
  try {
    const parsed: Change[] = JSON.parse(line);
    return parsed;
  } catch (cause) {
    throw new Error(`Line ${number} of ${file} is damaged; move the file away to start anew.`, {
      cause,
    });
  }
}

function writeFully(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
