import { Inngest } from "inngest";
import type { Hint } from "@/lib/runtime/hint";

export const inngest = new Inngest({ id: "maedal" });

/** A request to the event API stays well below its limits of 5,000 events and 256 KiB. */
const EVENTS_PER_REQUEST = 200;

export async function publishHints(hints: readonly Hint[]): Promise<void> {
  for (let at = 0; at < hints.length; at += EVENTS_PER_REQUEST) {
    await inngest.send(
      hints.slice(at, at + EVENTS_PER_REQUEST).map((hint) => ({ ...hint, data: { ...hint.data } })),
    );
  }
}
