import { planExpiry } from "@/packages/toss-twin/api/payments";
import type { World } from "@/packages/toss-twin/world";

/** Goes on with what the books say is still to happen: after a start, and after the books were exchanged. */
export function resume(world: World): void {
  for (const payment of world.store.payments.values()) planExpiry(world, payment);
  world.webhooks.resume();
}
