import { hostname, userInfo } from "node:os";

/** Writes a line in Korean and the same in English. */
export function say(korean: string, english: string): void {
  process.stdout.write(`${korean}\n${english}\n`);
}

export function complain(words: unknown): void {
  process.stderr.write(`${words}\n`);
}

/** For the audit log: the account on this machine, as far as it has a name. */
export function whoRunsThis(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `${process.getuid?.() ?? "unknown"}@${hostname()}`;
  }
}
