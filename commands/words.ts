/** Writes a line in Korean and the same in English. */
export function say(korean: string, english: string): void {
  process.stdout.write(`${korean}\n${english}\n`);
}

export function complain(words: unknown): void {
  process.stderr.write(`${words}\n`);
}
