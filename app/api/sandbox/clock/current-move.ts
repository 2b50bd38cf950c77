import { sandboxJobs } from "@/app/api/sandbox/clock/sandbox-jobs";
import { deps } from "@/lib/runtime/deps";
import { describeFault, log } from "@/lib/runtime/log";
import { type ClockMove, moveClock } from "@/sandbox/time/move";

/** The move under way, or the last one. */
export type CurrentMove = {
  readonly from: Date;
  readonly to: Date;
  readonly state: "moving" | "failed" | ClockMove["kind"];
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
  void moveClock({ ...deps(), jobs: sandboxJobs() }, { to }).then(
    ({ kind }) => become(kind),
    (fault) => {
      log("error", "clock.move-failed", { fault: describeFault(fault) });
      become("failed");
    },
  );
  return true;
}
