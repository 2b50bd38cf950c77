/**
 * `npm run contract -- FILE`: plays the cases of a file on the rules of the contract. Prints the first difference of
 * each case that fails, and as its last line one line of JSON.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { contractCases } from "./case";
import { firstDifference } from "./compare";
import { play } from "./play";

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("Usage: npm run contract -- FILE\n");
  process.exitCode = 2;
} else {
  run(file);
}

function run(path: string): void {
  const cases = read(path);
  if (cases === null) return;
  let failed = 0;
  for (const contractCase of cases) {
    const difference = firstDifference(contractCase.then, play(contractCase));
    if (difference === null) continue;
    failed += 1;
    process.stdout.write(`✗ ${contractCase.name}\n  ${difference}\n`);
  }
  process.stdout.write(`${JSON.stringify({ cases: cases.length, failed })}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function read(path: string) {
  try {
    return contractCases.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (fault) {
    const reason = fault instanceof z.ZodError ? z.prettifyError(fault) : String(fault);
    process.stderr.write(`${path} holds no cases: ${reason}\n`);
    process.exitCode = 2;
    return null;
  }
}
