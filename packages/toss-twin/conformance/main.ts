import { isDeepStrictEqual, parseArgs } from "node:util";
import { defaultMerchant, startTossEmulator } from "@/packages/toss-twin/emulator";
import { createTossCaller, type TossCaller } from "@/packages/toss-twin/testing/caller";
import { conformanceCases } from "./cases";
import { type ConformanceCase, NotObservable } from "./kit";
import { createRealToss } from "./real-toss";

type Verdict = { readonly kind: "same" | "differs" | "not-run"; readonly words: string };

/** Runs the conformance cases against a fresh emulator, or with --real against the Toss test environment. */
const { values } = parseArgs({ options: { real: { type: "boolean", default: false } } });
if (values.real) await runReal();
else await runEmulator();

async function runEmulator(): Promise<void> {
  const emulator = await startTossEmulator({ port: 0, settings: { slowMs: 60 } });
  await report("emulator", createTossCaller(emulator.url, defaultMerchant.secretKey));
  await emulator.close();
}

async function runReal(): Promise<void> {
  const secretKey = process.env.TOSS_TEST_SECRET_KEY ?? "";
  if (secretKey === "") {
    console.log(
      "Skipped: set TOSS_TEST_SECRET_KEY to a test_sk_ key to compare with the real Toss.",
    );
    return;
  }
  await report("Toss test environment", createRealToss(secretKey));
}

async function report(where: string, toss: TossCaller): Promise<void> {
  const counts = { same: 0, differs: 0, "not-run": 0 };
  for (const one of conformanceCases) {
    const { kind, words } = await judge(one, toss);
    counts[kind] += 1;
    console.log(`${kind.padEnd(8)} ${one.section} [${one.tag}] ${one.says}${words}`);
  }
  console.log(JSON.stringify({ against: where, ...counts }));
  if (counts.differs > 0) process.exitCode = 1;
}

async function judge({ observe }: ConformanceCase, toss: TossCaller): Promise<Verdict> {
  try {
    const [seen, expected] = await observe(toss);
    if (isDeepStrictEqual(seen, expected)) return { kind: "same", words: "" };
    return {
      kind: "differs",
      words: `\n         seen     ${JSON.stringify(seen)}\n         expected ${JSON.stringify(expected)}`,
    };
  } catch (error) {
    if (error instanceof NotObservable) return { kind: "not-run", words: `: ${error.message}` };
    const words = error instanceof Error ? error.message : String(error);
    return { kind: "differs", words: `\n         failed: ${words}` };
  }
}
