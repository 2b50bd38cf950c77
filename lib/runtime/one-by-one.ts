import { describeFault, log } from "./log";

/** Works through what a job took, one after the other: one that fails is told to the log, and does not hold up the rest. */
export async function oneByOne<T extends { readonly id: string }>(
  taken: readonly T[],
  event: string,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  for (const one of taken) {
    try {
      await work(one);
    } catch (fault) {
      log("error", event, { id: one.id, fault: describeFault(fault) });
    }
  }
}
