/** Runs every broken variant briefly: a proof that finds none of them would prove nothing. */
import { SABOTAGED } from "./forms";
import { type ProveOptions, prove } from "./prove";
import { SABOTAGES } from "./sabotage";

/** The exit code: 0 only when each variant was caught. */
export async function proveTheProof({
  seed,
  say,
  signal,
}: Pick<ProveOptions, "seed" | "say" | "signal">): Promise<number> {
  const startedAt = Date.now();
  const missed: string[] = [];
  for (const [name, { what }] of Object.entries(SABOTAGES)) {
    const report = await prove({
      ...SABOTAGED,
      seed,
      sabotage: name,
      say: () => undefined,
      signal,
    });
    const kinds = new Map<string, number>();
    for (const { kind } of report.findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const caughtBy = [...kinds].map(([kind, count]) => `${kind} ×${count}`).join(", ");
    if (report.ok) missed.push(name);
    say(`${name}: ${what}`);
    say(`  ${report.ok ? "NOT CAUGHT" : `caught by ${caughtBy}`} (${report.seconds} s)`);
    const [first] = report.findings;
    if (first) say(`  such as: ${first.text}`);
  }
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const caught = Object.keys(SABOTAGES).length - missed.length;
  say(JSON.stringify({ sabotages: caught + missed.length, caught, missed, seconds, seed }));
  return missed.length === 0 ? 0 : 1;
}
