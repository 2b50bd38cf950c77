import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";

const header = JSON.stringify({ format: "toss-emulator-journal", version: 1 });

const chunkBytes = 1024 * 1024;

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
  /** Whether most of the file is of the past, so that a rewrite would shrink it well. */
  readonly isOvergrown: () => boolean;
  readonly close: () => void;
};

/** Reads the changes of `file`; none when it does not exist. Throws when it is not such a journal. */
export function* readJournal(file: string): Generator<Change> {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    let number = 0;
    for (const { text, isWhole } of linesOf(descriptor)) {
      number += 1;
      if (number === 1) {
        if (!isWhole && header.startsWith(text)) return;
        if (text !== header) {
          throw new Error(
            `${file} is not a journal of the Toss emulator; name another --state file.`,
          );
        }
      } else if (isWhole) {
        yield* parseLine(file, text, number);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

export function openJournal(file: string, compactAboveBytes: number): Journal {
  let descriptor = openSync(file, "a", 0o600);
  let size = fstatSync(descriptor).size;
  let sizeWhenRewritten = 0;
  return {
    append(changes) {
      refuseIfForeign(file, descriptor, size);
      try {
        size += writeFully(descriptor, `${JSON.stringify(changes)}\n`);
      } catch (error) {
        // Half a line would make all behind it unreadable.
        ftruncateSync(descriptor, size);
        throw error;
      }
    },
    rewrite(changes) {
      const temporary = `${file}.${process.pid}.tmp`;
      rmSync(temporary, { force: true });
      const next = openSync(temporary, "a", 0o600);
      size = 0;
      let lines = `${header}\n`;
      for (const change of changes) {
        lines += `${JSON.stringify([change])}\n`;
        if (lines.length < chunkBytes) continue;
        size += writeFully(next, lines);
        lines = "";
      }
      size += writeFully(next, lines);
      sizeWhenRewritten = size;
      renameSync(temporary, file);
      closeSync(descriptor);
      descriptor = next;
    },
    isOvergrown: () => size > compactAboveBytes && size > 3 * sizeWhenRewritten,
    close() {
      closeSync(descriptor);
    },
  };
}

/** A second emulator on the same file would drop what this one has written, or the other way round. */
function refuseIfForeign(file: string, descriptor: number, expectedSize: number): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.ino === fstatSync(descriptor).ino && found.size === expectedSize) return;
  throw new Error(
    `${file} was written or removed by something else; stop the other emulator and start anew.`,
  );
}

/** Reads in portions: a whole journal may be longer than the longest string. */
function* linesOf(descriptor: number): Generator<{ text: string; isWhole: boolean }> {
  const chunk = Buffer.alloc(chunkBytes);
  let parts: Buffer[] = [];
  for (;;) {
    const read = readSync(descriptor, chunk, 0, chunk.length, null);
    if (read === 0) break;
    let start = 0;
    for (;;) {
      const end = chunk.subarray(0, read).indexOf(10, start);
      if (end === -1) break;
      parts.push(chunk.subarray(start, end));
      yield { text: Buffer.concat(parts).toString("utf8"), isWhole: true };
      parts = [];
      start = end + 1;
    }
    if (start < read) parts.push(Buffer.from(chunk.subarray(start, read)));
  }
  if (parts.length > 0) yield { text: Buffer.concat(parts).toString("utf8"), isWhole: false };
}

function parseLine(file: string, line: string, number: number): Change[] {
  try {
    const parsed: Change[] = JSON.parse(line);
    if (!Array.isArray(parsed)) throw new TypeError("Not a list of changes");
    return parsed;
  } catch (cause) {
    throw new Error(`Line ${number} of ${file} is damaged; move the file away to start anew.`, {
      cause,
    });
  }
}

/** The number of bytes written. */
function writeFully(descriptor: number, text: string): number {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  return bytes.length;
}
