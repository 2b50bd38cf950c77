import { deps } from "@/lib/deps";
import { describeFault, log } from "@/lib/log";
import { type ClockMove, moveClock } from "@/lib/operations/move-clock";

/** The move under way, or the last one. */
export type CurrentMove = {
  readonly from: Date;
  readonly to: Date;
  readonly state: "moving" | "failed" | ClockMove["kind"];
};

let current: CurrentMove | null = null;

export function currentMove(): CurrentMove | null {
  return current;
}

/** Begins a move and returns at once; false while another is under way. */
export function beginMove(to: Date): boolean {
  if (current?.state === "moving") return false;
  const from = deps().clock.now();
  current = { from, to, state: "moving" };
  void moveClock(deps(), { to }).then(
    ({ kind }) => {
      current = { from, to, state: kind };
    },
    (fault) => {
      log("error", "clock.move-failed", { fault: describeFault(fault) });
      current = { from, to, state: "failed" };
    },
  );
  return true;
}
