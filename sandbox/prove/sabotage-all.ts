/** Runs every broken variant briefly: a proof that finds none of them would prove nothing. */
import { SABOTAGED } from "./forms";
import { type ProveOptions, type ProveReport, prove } from "./prove";
import { SABOTAGES } from "./sabotage";

/** The exit code: 0 only when each variant was caught. */
export async function proveTheProof({
  seed,
  say,
  signal,
}: Pick<ProveOptions, "seed" | "say" | "signal">): Promise<number> {
  const startedAt = Date.now();
  const missed: string[] = [];
  for (const [name, { what, finds }] of Object.entries(SABOTAGES)) {
    const report = await prove({
      ...SABOTAGED,
      seed,
      sabotage: name,
      say: () => undefined,
      signal,
    });
    const isCaught = report.findings.some(({ kind }) => finds.includes(kind));
    if (!isCaught) missed.push(name);
    say(`${name}: ${what}`);
    say(`  ${isCaught ? "caught" : `NOT CAUGHT by ${finds.join(" or ")}`}: ${tellKinds(report)}`);
    const first = report.findings.find(({ kind }) => finds.includes(kind));
    if (first) say(`  such as: ${first.text}`);
  }
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const caught = Object.keys(SABOTAGES).length - missed.length;
  say(JSON.stringify({ sabotages: caught + missed.length, caught, missed, seconds, seed }));
  return missed.length === 0 ? 0 : 1;
}

/** What a run found, by kind. */
export function tellKinds({ findings, seconds }: ProveReport): string {
  const kinds = new Map<string, number>();
  for (const { kind } of findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const counts = [...kinds].map(([kind, count]) => `${kind} ×${count}`);
  return `${counts.join(", ") || "nothing was found"} (${seconds} s)`;
}
