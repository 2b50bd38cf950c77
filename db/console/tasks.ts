/** What waits for a person, on the console's first page. */
import { and, asc, desc, eq, gte, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import { isOwnerOf } from "@/db/account";
import { anyOf } from "@/db/bulk";
import { isOutcomeOpen } from "@/db/charge";
import { db } from "@/db/client";
import { accountMembers, users } from "@/db/schema/account";
import { paymentMethods } from "@/db/schema/card";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { refunds } from "@/db/schema/refund";
import { GIVEN_UP } from "@/lib/billing/refund/refund";
import { DUNNING } from "@/lib/billing/renewal/dunning";

/** A key is retried every ten minutes: after so many tries Toss does not answer by chance. */
const STUCK_AFTER_TRIES = 3;
/** A refused refund is shown for a week; what it says has been read by then. */
const REFUSED_DAYS = 7;

/** Charges that only a person can go on with, oldest first. */
export async function listChargesToReview(limit: number) {
  return db()
    .select({
      id: charges.id,
      orderId: charges.orderId,
      amountWon: charges.amountWon,
      reason: charges.unknownReason,
      takenWon: charges.takenWon,
      title: invoices.title,
      customer: users.email,
      since: charges.createdAt,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(eq(charges.needsReview, true))
    .orderBy(asc(charges.createdAt), asc(charges.id))
    .limit(limit);
}

/** Attempts of the last day that were refused for a reason in our own set-up or contract, newest first. */
export async function listOurFaults(now: Date, limit: number) {
  const since = new Date(now.getTime() - 24 * 60 * 60_000);
  return db()
    .select({
      id: charges.id,
      orderId: charges.orderId,
      amountWon: charges.amountWon,
      code: charges.declineCode,
      title: invoices.title,
      customer: users.email,
      at: charges.createdAt,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(
      and(
        gte(charges.closedAt, since),
        or(
          and(
            eq(charges.declineClass, "config"),
            sql`${charges.declineReason} is distinct from 'not-executed'`,
          ),
          anyOf(charges.declineReason, Object.keys(DUNNING.configAfter)),
        ),
      ),
    )
    .orderBy(desc(charges.closedAt), desc(charges.id))
    .limit(limit);
}

/** Refunds whose money has not moved: open ones, and those refused in the last week. Newest first. */
export async function listTroubledRefunds(now: Date, limit: number) {
  const refusedSince = new Date(now.getTime() - REFUSED_DAYS * 24 * 60 * 60_000);
  return db()
    .select({
      id: refunds.id,
      amountWon: refunds.amountWon,
      reason: refunds.reason,
      status: refunds.status,
      refusedCode: refunds.refusedCode,
      unknownReason: refunds.unknownReason,
      needsReview: refunds.needsReview,
      orderId: charges.orderId,
      customer: users.email,
      since: refunds.createdAt,
    })
    .from(refunds)
    .innerJoin(charges, eq(charges.id, refunds.chargeId))
    .innerJoin(accountMembers, isOwnerOf(refunds.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(
      and(
        isNull(refunds.canceledAt),
        or(
          isOutcomeOpen(refunds),
          and(gte(refunds.closedAt, refusedSince), ne(refunds.refusedCode, GIVEN_UP)),
        ),
      ),
    )
    .orderBy(desc(refunds.needsReview), desc(refunds.createdAt), desc(refunds.id))
    .limit(limit);
}

/** Billing keys nobody wants any more and Toss has not confirmed gone after several tries. */
export async function listStuckKeys(limit: number) {
  return db()
    .select({
      id: paymentMethods.id,
      issuerCode: paymentMethods.issuerCode,
      maskedNumber: paymentMethods.maskedNumber,
      tries: paymentMethods.deleteTries,
      nextTryAt: paymentMethods.deleteAt,
      customer: users.email,
    })
    .from(paymentMethods)
    .innerJoin(accountMembers, isOwnerOf(paymentMethods.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .where(
      and(
        isNotNull(paymentMethods.deleteAt),
        isNull(paymentMethods.deletedAt),
        gte(paymentMethods.deleteTries, STUCK_AFTER_TRIES),
      ),
    )
    .orderBy(asc(paymentMethods.deleteAt), asc(paymentMethods.id))
    .limit(limit);
}
