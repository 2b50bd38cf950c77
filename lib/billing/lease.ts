/**
 * Work that is taken up belongs to one worker for a while. A worker that dies gives nothing back, so a lease ends by
 * itself: taken at 10:00:00 for a call to Toss, work is free for the next worker from 10:02:30.
 */
import { CHARGE_LEASE_MS } from "@/lib/billing/charge/charge";

export type Lease = { readonly now: Date; readonly leasedUntil: Date };

/** A lease that begins `now`: long enough for a call to Toss, unless `forMs` says otherwise. */
export function leaseFrom(now: Date, forMs: number = CHARGE_LEASE_MS): Lease {
  return { now, leasedUntil: new Date(now.getTime() + forMs) };
}
