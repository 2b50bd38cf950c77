/** `npm run prove`: kills workers while they move money, and shows that no won was taken twice or lost. */
import { parseArgs } from "node:util";
import { Failure } from "@/sandbox/world/failure";
import { FULL, SABOTAGED, SHORT } from "./forms";
import { prove } from "./prove";
import { SABOTAGES } from "./sabotage";
import { proveTheProof, tellKinds } from "./sabotage-all";

const USAGE = `Usage: npm run prove -- [--seed N] [--kills N] [--short] [--sabotage NAME]
  --sabotage all, or one of: ${Object.keys(SABOTAGES).join(", ")}`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
  process.on(name, () => interruption.abort(new Failure("The proof was interrupted.")));
}
const say = (line: string) => console.log(line);

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
}
process.removeAllListeners("disconnect");
process.disconnect?.();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      kills: { type: "string" },
      short: { type: "boolean", default: false },
      sabotage: { type: "string" },
    },
  });
  const seed = wholeNumber("--seed", values.seed);
  const { signal } = interruption;
  if (values.sabotage === "all") return proveTheProof({ seed, say, signal });
  if (values.sabotage !== undefined && !Object.hasOwn(SABOTAGES, values.sabotage))
    throw new Failure(USAGE);
  const form = values.sabotage ? SABOTAGED : values.short ? SHORT : FULL;
  const kills = values.kills === undefined ? form.kills : wholeNumber("--kills", values.kills);
  const report = await prove({ ...form, kills, seed, sabotage: values.sabotage, say, signal });
  const { findings, ...figures } = report;
  const { finds } = SABOTAGES[values.sabotage ?? ""] ?? {};
  if (finds !== undefined) {
    const isCaught = findings.some(({ kind }) => finds.includes(kind));
    say(`${isCaught ? "Caught" : `NOT CAUGHT by ${finds.join(" or ")}`}: ${tellKinds(report)}`);
  }
  say(JSON.stringify(figures));
  return report.ok ? 0 : 1;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure(`${name} must be a whole number.\n${USAGE}`);
  return Number(text);
}
