/** `npm run prove`: kills workers while they move money, and shows that no won was taken twice or lost. */
import { parseArgs } from "node:util";
import { Failure } from "@/sandbox/world/failure";
import { prove } from "./prove";

const USAGE = "Usage: npm run prove -- [--seed N] [--kills N] [--short] [--sabotage NAME|all]";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "2000" },
    short: { type: "boolean", default: false },
    sabotage: { type: "string" },
  },
});
const say = (line: string) => console.log(line);
const report = await prove({
  seed: Number(values.seed),
  kills: Number(values.kills),
  days: values.short ? { least: 31, most: 60 } : { least: 120, most: 240 },
  subscribers: values.short ? 40 : 160,
  isComplete: false,
  seconds: values.short ? 60 : 540,
  say,
});
const { findings: _, ...figures } = report;
say(JSON.stringify(figures));
process.exitCode = report.ok ? 0 : 1;
void Failure; void USAGE;
