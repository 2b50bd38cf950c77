import { findLatestRegistrationOf, listWaitingRegistrations } from "@/db/card-registration";
import { listStalledCheckouts } from "@/db/checkout";
import { completeCheckout, finishCard } from "@/lib/operations/checkout/complete";
import type { Deps } from "@/lib/runtime/deps";
import { oneByOne } from "@/lib/runtime/one-by-one";
import { replaceCard } from "./replace";

/** A browser normally finishes within this time; after it, a job does. */
const BROWSER_MS = 60_000;

/**
 * Finishes what browsers left behind: cards that came back from the window and were not made billing keys, and
 * checkouts whose card is registered but whose first charge was never written. Returns how many it looked at.
 */
export async function resumeRegistrations(deps: Deps, limit: number): Promise<number> {
  const leftBefore = new Date(deps.clock.now().getTime() - BROWSER_MS);
  const registrations = await listWaitingRegistrations(leftBefore, limit);
  await oneByOne(registrations, "registration.not-resumed", async ({ id, checkoutId }) => {
    if (checkoutId === null) return replaceCard(deps, id);
    const latest = await findLatestRegistrationOf(checkoutId);
    return latest?.id === id
      ? completeCheckout(deps, checkoutId)
      : finishCard(deps, checkoutId, id);
  });
  const stalled = await listStalledCheckouts(leftBefore, limit);
  await oneByOne(
    stalled.map((id) => ({ id })),
    "checkout.not-completed",
    ({ id }) => completeCheckout(deps, id),
  );
  return registrations.length + stalled.length;
}
