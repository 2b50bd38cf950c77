/**
 * `npm run contract -- FILE`: plays the cases of a file on the rules of the contract. Prints the first difference of
 * each case that fails, and as its last line one line of JSON. Exits with 1 when a case fails, and with 2 when the file
 * cannot be read or a case in it cannot be played.
 */
import type { ContractCase } from "./case";
import { firstDifference } from "./compare";
import { play } from "./play";
import { readCases } from "./read";

const [file] = process.argv.slice(2);
process.exitCode = file === undefined ? refuse() : run(file);

function refuse(): number {
  process.stderr.write("Usage: npm run contract -- FILE\n");
  tell(0, 0);
  return 2;
}

function run(path: string): number {
  const { cases, count, faults } = readCases(path);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  let failed = count - cases.length;
  for (const contractCase of cases) {
    const difference = differenceIn(contractCase);
    if (difference === null) continue;
    failed += 1;
    process.stdout.write(`✗ ${contractCase.name}\n  ${difference}\n`);
  }
  tell(count, failed);
  if (faults.length > 0) return 2;
  return failed === 0 ? 0 : 1;
}

function differenceIn(contractCase: ContractCase): string | null {
  try {
    return firstDifference(contractCase.then, play(contractCase));
  } catch (fault) {
    return `the rules refuse to play it: ${fault instanceof Error ? fault.message : String(fault)}`;
  }
}

function tell(cases: number, failed: number): void {
  process.stdout.write(`${JSON.stringify({ cases, failed })}\n`);
}
