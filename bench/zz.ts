import { randomUUID } from "node:crypto";
import { closeDb } from "@/db/client";
import { deps } from "@/lib/deps";
import { claimRenewals } from "@/lib/operations/claim-renewals";
import { collectCharges } from "@/lib/operations/collect-charges";
import { createTossControl } from "@/sandbox/toss/control";
import { addDue, seedCatalogue, settleTables } from "./population";
import { startBenchWorld } from "./world";

console.info = () => undefined;
const N = 10000;
const world = await startBenchWorld({ latencyMs: 0 });
async function cpu(name: string, work: () => Promise<unknown>) {
  const a = process.cpuUsage();
  const t = performance.now();
  await work();
  const b = process.cpuUsage(a);
  console.log(
    name.padEnd(20),
    `user ${(b.user / 1000 / N).toFixed(3)} sys ${(b.system / 1000 / N).toFixed(3)} wall ${((performance.now() - t) / N).toFixed(3)} ms each`,
  );
}
try {
  await seedCatalogue();
  for (const round of [1, 2]) {
    const customerKeys = Array.from({ length: N }, () => randomUUID());
    const cards = await createTossControl(world.tossUrl).issueBillingKeys({
      customerKeys,
      scenario: "normal",
    });
    await addDue(deps(), cards);
    await settleTables();
    await cpu("toss alone", async () => {
      const queue = [...cards];
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          for (let c = queue.pop(); c; c = queue.pop())
            await deps().toss.chargeBillingKey(
              {
                ...c,
                orderId: randomUUID().slice(0, 30),
                orderName: "x",
                amountWon: 9900 as never,
                customerEmail: "a@b.com",
                customerName: "x",
              } as never,
              randomUUID(),
            );
        }),
      );
    });
    const batches: (readonly string[])[] = [];
    await cpu("claim", async () => {
      for (;;) {
        const c = await claimRenewals(deps(), 100);
        batches.push(c.chargeIds);
        if (c.taken < 100) break;
      }
    });
    await cpu("collect", async () => {
      await Promise.all(
        [1, 2, 3, 4].map(async () => {
          for (let b = batches.pop(); b; b = batches.pop()) await collectCharges(deps(), b);
        }),
      );
    });
  }
} catch (e) {
  console.log(String((e as Error).stack).slice(0, 600));
} finally {
  await closeDb();
  await world.stop();
}
