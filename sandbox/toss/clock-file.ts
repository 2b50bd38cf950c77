import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const ClockFile = z.object({ offsetMs: z.number().finite() });

/**
 * A clock that is real time plus the offset a file keeps, read again at most every five milliseconds; no file is no
 * offset. Every process that reads the same file has the same time.
 */
export function clockOfFile(file: string): { now: () => Date; moveTo: (to: number) => void } {
  let readAt = 0;
  let offsetMs = 0;
  return {
    now() {
      const now = Date.now();
      if (now - readAt >= 5) {
        offsetMs = readOffset(file);
        readAt = now;
      }
      return new Date(now + offsetMs);
    },
    /** Forward only; an instant of the past changes nothing. */
    moveTo(to) {
      const moved = to - Date.now();
      if (moved <= readOffset(file)) return;
      const temporary = `${file}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify({ offsetMs: moved }));
      renameSync(temporary, file);
      readAt = 0;
    },
  };
}

function readOffset(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  return ClockFile.parse(JSON.parse(text)).offsetMs;
}
