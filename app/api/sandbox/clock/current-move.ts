import { deps } from "@/deps";
import { describeFault, log } from "@/lib/runtime/log";
import { moveTime } from "@/sandbox/entry";

/** The move under way, or the last one. */
export type CurrentMove = {
  readonly from: Date;
  readonly to: Date;
  readonly state: "moving" | "failed" | "arrived" | "stalled";
  /** Where the clock stood when it was over; null while it moves. */
  readonly endedAt: Date | null;
};

// Pages and routes are bundled apart; what they both ask about outlives either.
const shared = globalThis as typeof globalThis & { maedalMove?: CurrentMove };

export function currentMove(): CurrentMove | null {
  return shared.maedalMove ?? null;
}

/** Begins a move and returns at once; false while another is under way. */
export function beginMove(to: Date): boolean {
  if (currentMove()?.state === "moving") return false;
  const from = deps().clock.now();
  const become = (state: CurrentMove["state"]) => {
    const endedAt = state === "moving" ? null : deps().clock.now();
    shared.maedalMove = { from, to, state, endedAt };
  };
  become("moving");
  void moveTime(deps(), { to }).then(
    ({ kind }) => become(kind),
    (fault) => {
      log("error", "clock.move-failed", { fault: describeFault(fault) });
      become("failed");
    },
  );
  return true;
}
