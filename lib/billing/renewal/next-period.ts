/**
 * What the next period of a contract will be: charged, or the end because the customer did not agree to a rise. What is
 * due is decided here only; the claim, the pages and what is saved with a contract ask the same function.
 */

import { type PriceCampaign, type PriceConsent, priceStep } from "@/lib/billing/consent/price-rise";
import {
  type AgreedAmounts,
  type GivenConsent,
  isConsentTo,
  isRise,
} from "@/lib/billing/consent/rise";
import type { Wallet } from "@/lib/billing/invoice/due";
import { type Contract, isUnbegun } from "@/lib/billing/subscription/contract";
import { NO_CREDIT, type Order, orderNextPeriod } from "@/lib/billing/subscription/order";
import type { Subscription } from "@/lib/billing/subscription/subscription";

export type ConsentFacts = {
  readonly agreed: AgreedAmounts;
  /** Whether free days came before: the end of a trial is asked for, whatever was ordered. */
  readonly isAfterTrial: boolean;
  readonly consents: readonly GivenConsent[];
  readonly campaigns: readonly PriceCampaign[];
  readonly priceConsents: readonly PriceConsent[];
};

/** What a subscription and the consents on record for it say about its next period. */
export function consentFactsOf(
  { status, agreedWon }: Subscription,
  consents: readonly GivenConsent[],
): ConsentFacts {
  return {
    agreed: { lastWon: agreedWon, orderedWon: null },
    isAfterTrial: status === "trialing",
    consents,
    campaigns: [],
    priceConsents: [],
  };
}

export type NextPeriodStep =
  | { readonly kind: "charge"; readonly order: Order }
  | { readonly kind: "end"; readonly lacks: ConsentReason };

/** What consent is asked for. */
export type ConsentReason = "trial-end" | "discount-end" | "price-rise" | "rise";

export function decideNextPeriod(
  contract: Contract,
  wallet: Wallet,
  facts: ConsentFacts,
): NextPeriodStep {
  // A price that was agreed to by itself is measured at the old price, so that it hides no other rise.
  const beforeCredit = orderNextPeriod(contract, NO_CREDIT);
  const lacks = lackingConsent(contract, facts, beforeCredit);
  if (lacks !== null) return { kind: "end", lacks };
  const agreed = atAgreedPrices(contract, facts);
  const isSame = agreed === contract && wallet === NO_CREDIT;
  return { kind: "charge", order: isSame ? beforeCredit : orderNextPeriod(agreed, wallet) };
}

/** The reason for which a next period cannot be billed as things stand; null when it can. */
function lackingConsent(
  contract: Contract,
  facts: ConsentFacts,
  { on, due, lines }: Order,
): ConsentReason | null {
  const { campaigns, priceConsents, agreed, consents } = facts;
  const steps = campaigns.map((campaign) => priceStep(contract, campaign, priceConsents));
  if (steps.some(({ kind }) => kind === "ends")) return "price-rise";
  const isCovered = consents.some((consent) =>
    isConsentTo(consent, { on, totalWon: due.totalWon }),
  );
  if (isCovered || due.totalWon === 0) return null;
  if (isUnbegun(contract) && facts.isAfterTrial) return "trial-end";
  if (isUnbegun(contract) || !isRise(due.totalWon, agreed)) return null;
  const isDiscounted = lines.some(({ kind }) => kind === "discount");
  return contract.coupon?.isRunning === true && !isDiscounted ? "discount-end" : "rise";
}

/** The contract with each price its holder agreed to for the next period. */
function atAgreedPrices(contract: Contract, { campaigns, priceConsents }: ConsentFacts): Contract {
  const agreed = campaigns.flatMap((campaign) => {
    const step = priceStep(contract, campaign, priceConsents);
    return step.kind === "moves" ? [[campaign.key, step.unitWon] as const] : [];
  });
  return agreed.length === 0
    ? contract
    : { ...contract, nextPrices: { ...contract.nextPrices, ...Object.fromEntries(agreed) } };
}
