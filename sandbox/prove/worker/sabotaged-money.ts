/** The broken variants about credit, dues, expectations and terms. */
import { and, eq, inArray } from "drizzle-orm";
import type { NewCharge } from "@/db/charge";
import type { Tx } from "@/db/client";
import { findCredit } from "@/db/credit";
import type { Invoice } from "@/db/invoice";
import { charges } from "@/db/schema/charge";
import { subscriptionItems, subscriptions } from "@/db/schema/subscription";
import { parseWon, type Won } from "@/lib/billing/money";
import type { Expectation } from "@/lib/billing/subscription/expectation";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { CreditGrantOrder } from "@/lib/operations/credit/grant";
import { refundCharge } from "@/lib/operations/refund/send";
import type { SweptBatches, sweepRenewals } from "@/lib/operations/renewal/sweep";
import type { Deps } from "@/lib/runtime/deps";
import { db } from "./client";
import type { StandIn } from "./sabotaged";

export function moneyStandIns(name: string): Readonly<Record<string, StandIn>> | undefined {
  switch (name) {
    case "credit-spent-twice":
      return {
        "db/credit:lockCredits": readCreditWithoutLock,
        "lib/operations/renewal/sweep:sweepRenewals": sweepOneByOne,
      };
    case "charge-the-total":
      return { "lib/operations/invoice/open:draftCharge": askFor(({ totalWon }) => totalWon) };
    case "credit-taken-off-twice":
      return {
        "lib/operations/invoice/open:draftCharge": askFor((invoice) =>
          parseWon(Math.max(100, invoice.dueWon - invoice.creditUsedGrantedWon)),
        ),
      };
    case "gift-as-paid-credit":
      return { "lib/billing/ledger/ledger:creditGranted": bookAsPaid };
    case "gift-to-card":
      return { "lib/operations/credit/grant:grantCredit": payOutGift };
    case "amount-lies":
      return withoutSecondLook((expected) => ({
        ...expected,
        expectedWon: parseWon(Math.floor(expected.expectedWon * 0.9)),
      }));
    case "end-lies":
      return withoutSecondLook((expected, { terms, paidTo: paysTo }) =>
        expected.expects === "end"
          ? { ...expected, expects: "charge", expectedWon: terms.plan.unitWon, paysTo }
          : expected,
      );
    case "terms-by-account":
      return { "db/subscription:insertSubscriptions": writeTermsOfAccount };
    default:
      return undefined;
  }
}

/** Says what each owns by now; by the time it is spent, somebody else may have spent it. */
const readCreditWithoutLock: StandIn = async (_, ...args) => {
  const [, accountIds] = args as [Tx, readonly string[]];
  const owned = await Promise.all(
    accountIds.map(async (id) => [id, await findCredit(id)] as const),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  return new Map(owned);
};

/** Several at once, contract by contract, so that they meet in the accounts that hold two. */
const sweepOneByOne: StandIn = async (real, ...args) => {
  const [deps, options] = args as [Deps, Parameters<typeof sweepRenewals>[1]];
  const oneByOne = { ...options, size: 1, batches: 50 };
  const swept = (await Promise.all(
    [1, 2, 3, 4].map(() => real(deps, oneByOne)),
  )) as readonly SweptBatches[];
  return { batches: swept.flatMap(({ batches }) => batches), goesOnTo: null };
};

function askFor(amountOf: (invoice: Invoice) => Won): StandIn {
  return (real, ...args) => {
    const [, invoice] = args as [unknown, Invoice];
    return { ...(real(...args) as NewCharge), amountWon: amountOf(invoice) };
  };
}

const bookAsPaid: StandIn = (_, ...args) => {
  const [won] = args as [Won];
  return [
    { account: "credit-paid", amountWon: -won },
    { account: "promotion", amountWon: won },
  ];
};

const payOutGift: StandIn = async (real, ...args) => {
  const [deps, { accountId, amountWon, requestId, actor }] = args as [Deps, CreditGrantOrder];
  const granted = await real(...args);
  const [paid] = await db()
    .select()
    .from(charges)
    .where(and(eq(charges.accountId, accountId), eq(charges.status, "approved")))
    .limit(1);
  if (!paid) return granted;
  const left = paid.amountWon - paid.refundedWon;
  const amount = parseWon(Math.min(amountWon, left));
  const order = { chargeId: paid.id, amountWon: amount, reason: "선물", requestId, actor };
  if (left > 0) await refundCharge(deps, order);
  return granted;
};

/** Something else is saved with each contract than the rules say, and nobody compares. */
function withoutSecondLook(
  lie: (expected: Expectation, subscription: Subscription) => Expectation,
): Readonly<Record<string, StandIn>> {
  const expectation = "lib/billing/subscription/expectation";
  return {
    [`${expectation}:isSameExpected`]: () => true,
    [`${expectation}:expectationOfSubscription`]: (real, ...args) => {
      const [subscription] = args as [Subscription];
      return lie(real(...args) as Expectation, subscription);
    },
  };
}

const writeTermsOfAccount: StandIn = async (real, ...args) => {
  const [tx, entries] = args as [Tx, readonly { subscription: Subscription }[]];
  await real(...args);
  for (const { subscription } of entries)
    await tx
      .update(subscriptionItems)
      .set({ key: subscription.terms.plan.key, unitWon: subscription.terms.plan.unitWon })
      .where(
        inArray(
          subscriptionItems.subscriptionId,
          tx
            .select({ id: subscriptions.id })
            .from(subscriptions)
            .where(eq(subscriptions.accountId, subscription.accountId)),
        ),
      );
};
