/** `npm run sandbox -- year`: what the command line asks for, and how it is told. */
import { parseArgs } from "node:util";
import { Failure } from "@/sandbox/world/failure";
import { liveThroughYear } from "./year";

const DAYS = 365;
const MOST_SUBSCRIBERS = 20_000;

/** The exit code: 1 when the books disagree, or nothing could be compared. */
export async function runYear(args: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"])
    process.on(name, () => interruption.abort(new Failure("The year was interrupted.")));
  try {
    const report = await liveThroughYear({
      ...readOptions(args),
      days: DAYS,
      serverUrl: process.env.DATABASE_URL,
      say: (line) => console.log(line),
      signal: interruption.signal,
    });
    console.log(JSON.stringify(report));
    return report.booksAgree ? 0 : 1;
  } catch (fault) {
    console.error(fault instanceof Failure ? fault.message : fault);
    return 1;
  } finally {
    process.removeAllListeners("disconnect");
    process.disconnect?.();
  }
}

function readOptions(args: readonly string[]): { subscribers: number; seed: number } {
  const usage = "npm run sandbox -- year [--subscribers 1000] [--seed 1]";
  let values: { subscribers: string; seed: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        subscribers: { type: "string", default: "1000" },
        seed: { type: "string", default: "1" },
      },
    }));
  } catch (fault) {
    throw new Failure(`${fault instanceof Error ? fault.message : fault}\n${usage}`);
  }
  const subscribers = readWhole("--subscribers", values.subscribers, usage);
  if (subscribers < 1 || subscribers > MOST_SUBSCRIBERS)
    throw new Failure(`--subscribers must lie between 1 and ${MOST_SUBSCRIBERS}.\n${usage}`);
  return { subscribers, seed: readWhole("--seed", values.seed, usage) };
}

function readWhole(name: string, text: string, usage: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure(`${name} must be a whole number.\n${usage}`);
  return Number(text);
}
