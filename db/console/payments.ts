/** Attempts at payment as the console lists them. */
import { and, asc, desc, eq, inArray, lt } from "drizzle-orm";
import { isOwnerOf } from "@/db/account";
import { db } from "@/db/client";
import { accountMembers, users } from "@/db/schema/account";
import { paymentMethods } from "@/db/schema/card";
import { charges } from "@/db/schema/charge";
import { invoices } from "@/db/schema/invoice";
import { refunds } from "@/db/schema/refund";
import { subscriptions } from "@/db/schema/subscription";
import { parseSubscriptions } from "@/db/subscription";
import { IS_EMAIL_PROVEN } from "@/db/user";

/**
 * Attempts at payment, newest first, with what was given back of each. `search` is a whole email address, id of
 * an attempt or an order, payment key or invoice number; `after` the id of the last one seen.
 */
export async function listPaymentAttempts(
  { search, after }: { readonly search: string | null; readonly after: string | null },
  limit: number,
) {
  const rows = await db()
    .select({
      charge: charges,
      title: invoices.title,
      invoiceNumber: invoices.number,
      paysTo: invoices.periodEndsOn,
      customer: users.email,
      isEmailProven: IS_EMAIL_PROVEN,
      issuerCode: paymentMethods.issuerCode,
      maskedNumber: paymentMethods.maskedNumber,
      subscription: subscriptions,
    })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId))
    .innerJoin(accountMembers, isOwnerOf(charges.accountId))
    .innerJoin(users, eq(users.id, accountMembers.userId))
    .leftJoin(paymentMethods, eq(paymentMethods.id, charges.paymentMethodId))
    .leftJoin(subscriptions, eq(subscriptions.id, invoices.subscriptionId))
    .where(
      and(
        search === null ? undefined : inArray(charges.id, chargesAbout(search)),
        after === null ? undefined : lt(charges.id, after),
      ),
    )
    .orderBy(desc(charges.id))
    .limit(limit);
  const given = await db()
    .select()
    .from(refunds)
    .where(
      inArray(
        refunds.chargeId,
        rows.map((row) => row.charge.id),
      ),
    )
    .orderBy(asc(refunds.createdAt), asc(refunds.id));
  const contracts = await parseSubscriptions(
    db(),
    rows.map((row) => row.subscription),
  );
  return rows.map(({ subscription, ...row }) => ({
    ...row,
    subscription: contracts.get(subscription?.id ?? "") ?? null,
    refunds: given.filter((refund) => refund.chargeId === row.charge.id),
  }));
}

export type PaymentAttempt = Awaited<ReturnType<typeof listPaymentAttempts>>[number];

/** Each part goes by an index of its own, whatever was typed. */
function chargesAbout(search: string) {
  const byInvoice = db()
    .select({ id: charges.id })
    .from(charges)
    .innerJoin(invoices, eq(invoices.id, charges.invoiceId));
  if (search.includes("@")) {
    return byInvoice
      .innerJoin(accountMembers, isOwnerOf(invoices.accountId))
      .innerJoin(users, eq(users.id, accountMembers.userId))
      .where(eq(users.email, search.toLowerCase()));
  }
  const own = () => db().select({ id: charges.id }).from(charges);
  return own()
    .where(eq(charges.id, search))
    .unionAll(own().where(eq(charges.orderId, search)))
    .unionAll(own().where(eq(charges.paymentKey, search)))
    .unionAll(byInvoice.where(eq(invoices.number, search)));
}
