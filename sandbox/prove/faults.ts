/** What goes wrong at Toss and at the job engine on a day. */
import type { FaultRequest } from "@/packages/inngest-local/engine/faults";
import type { NewFaultRule } from "@/packages/toss-twin/faults/rules";
import type { Drive } from "./drive";

const TOSS_FAULTS: readonly NewFaultRule[] = [
  { kind: "hang-up-before", match: { operation: "charge" }, times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "charge" }, times: 2 },
  { kind: "hang-up-after-execute", match: { operation: "confirm" }, times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "issue" }, times: 1 },
  { kind: "500-executed", match: { operation: "charge" }, times: 2 },
  { kind: "500-executed", match: { operation: "issue" }, times: 1 },
  { kind: "500-not-executed", match: { operation: "charge" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "charge" }, times: 1, store: true },
  { kind: "delay", match: { operation: "charge" }, times: 1, delayMs: 1_200 },
  { kind: "delay", match: { operation: "charge" }, times: 2, delayMs: 200 },
  { kind: "delay", match: { operation: "issue" }, times: 1, delayMs: 1_000 },
  { kind: "truncated-json", match: { operation: "charge" }, times: 2 },
  { kind: "truncated-json", match: { operation: "issue" }, times: 1 },
  { kind: "html-page", match: { operation: "charge" }, times: 2 },
  { kind: "wrong-amount", match: { operation: "charge" }, times: 1 },
  { kind: "wrong-order-id", match: { operation: "charge" }, times: 1 },
  { kind: "429", match: { operation: "charge" }, times: 2 },
  { kind: "429", match: { operation: "query" }, times: 2 },
  { kind: "hang-up-before", match: { operation: "query" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "query" }, times: 1 },
  { kind: "500-executed", match: { operation: "delete-key" }, times: 1 },
  { kind: "hang-up-before", match: { operation: "delete-key" }, times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "REJECT_CARD_PAYMENT", times: 2 },
  { kind: "decline", match: { operation: "charge" }, code: "INVALID_STOPPED_CARD", times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "PROVIDER_ERROR", times: 2 },
  { kind: "decline", match: { operation: "charge" }, code: "DUPLICATED_ORDER_ID", times: 1 },
  { kind: "decline", match: { operation: "charge" }, code: "UNAUTHORIZED_KEY", times: 1 },
  { kind: "hang-up-after-execute", match: { operation: "cancel" }, times: 1 },
  { kind: "500-executed", match: { operation: "cancel" }, times: 1 },
  { kind: "delay", match: { operation: "cancel" }, times: 1, delayMs: 1_000 },
  { kind: "hang-up-before", match: { operation: "cancel" }, times: 2 },
  { kind: "500-not-executed", match: { operation: "transactions" }, times: 2 },
  { kind: "outage", match: {}, times: 8 },
];

const JOB_FAULTS: readonly FaultRequest[] = [
  { kind: "drop-event", probability: 0.3 },
  { kind: "duplicate-event", probability: 0.3, delayMs: 90_000 },
  { kind: "duplicate-event", probability: 0.3 },
  { kind: "delay-event", probability: 0.3, delayMs: 400_000 },
  { kind: "lose-answer", probability: 0.2 },
  { kind: "refuse-call", probability: 0.15 },
  { kind: "slow-call", probability: 0.1, delayMs: 150 },
];

export async function armFaults({ world, random, armed, ordered }: Drive): Promise<void> {
  const draw = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const drawn = Array.from({ length: 4 }, () => draw(TOSS_FAULTS)).filter(
    (rule) => rule !== undefined,
  );
  for (const rule of [...ordered, ...drawn]) {
    const fault = await world.toss.addFault(rule).catch(() => undefined);
    if (fault) armed.push({ id: fault.id, kind: fault.kind, times: fault.left ?? 0 });
  }
  const jobs = draw(JOB_FAULTS);
  const seed = Math.floor(random() * 1e9);
  if (jobs) await world.jobs.fault({ ...jobs, seed }).catch(() => undefined);
}

/** Takes the faults back and counts those that struck. */
export async function disarmFaults({ world, faults, armed }: Drive): Promise<void> {
  const count = (kind: string, times: number) => {
    if (times > 0) faults.set(kind, (faults.get(kind) ?? 0) + times);
  };
  const atJobs = await world.jobs.faults().catch(() => []);
  for (const { fault, hits } of atJobs) count(`jobs: ${fault.kind}`, hits);
  await world.jobs.clearFaults().catch(() => undefined);
  const left = new Map(
    (await world.toss.faults().catch(() => [])).map((fault) => [fault.id, fault.left ?? 0]),
  );
  for (const { id, kind, times } of armed.splice(0))
    count(`toss: ${kind}`, times - (left.get(id) ?? 0));
  await world.toss.clearFaults().catch(() => undefined);
  world.line.mend();
}
