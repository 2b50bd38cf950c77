/**
 * What became of a change: `quoted → waiting-for-money → applied`, `quoted → booked → applied`, `undone`, `lapsed`.
 * A declined change lapses, and is no dunning; what was booked before stands again.
 */
export const CHANGE_STATUSES = [
  "quoted",
  "waiting-for-money",
  "booked",
  "applied",
  "undone",
  "lapsed",
] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** What a change is a wish for. */
export type ChangeKind =
  | "plan"
  | "interval"
  | "quantity"
  | "add-on"
  | "coupon"
  | "pause"
  | "resume"
  | "cancel";

export type ChangeEvent =
  /** Confirmed: to be paid, booked for the end of the period, or in force at once. */
  | "confirmed-to-pay"
  | "confirmed-for-later"
  | "confirmed-at-once"
  | "paid"
  | "declined"
  /** A cancellation or a pause withdrew it before it was sent. */
  | "withdrawn"
  /** The day for which it was booked. */
  | "due"
  /** Its holder undid it, or wished for something else in its place. */
  | "undone"
  /** The quote no longer holds, or the contract ended before its day. */
  | "expired";

const NEXT: Readonly<Record<ChangeStatus, Readonly<Partial<Record<ChangeEvent, ChangeStatus>>>>> = {
  quoted: {
    "confirmed-to-pay": "waiting-for-money",
    "confirmed-for-later": "booked",
    "confirmed-at-once": "applied",
    expired: "lapsed",
  },
  "waiting-for-money": { paid: "applied", declined: "lapsed", withdrawn: "lapsed" },
  booked: { due: "applied", undone: "undone", expired: "lapsed" },
  // Withdrawing its order within seven days undoes a change that was in force.
  applied: { undone: "undone" },
  undone: {},
  lapsed: {},
};

/** Null where the event cannot happen to a change in that state. */
export function nextChangeStatus(status: ChangeStatus, event: ChangeEvent): ChangeStatus | null {
  return NEXT[status][event] ?? null;
}
