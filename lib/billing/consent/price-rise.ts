/**
 * A price rise by the seller is a new version of a price. A contract moves to it only through its own consent, given in
 * the 30 days before its next period. Without it the old price stays as long as it is sold, or the contract ends, as the
 * campaign says. Consent is to the unit price: seats keep it, another plan makes it void.
 */
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import type { Agreement } from "@/lib/billing/subscription/contract";
import { itemsOf } from "@/lib/billing/subscription/terms";
import { isInConsentWindow } from "./consent";

export type PriceCampaign = {
  /** The item whose price rises. */
  readonly key: string;
  readonly fromUnitWon: Won;
  readonly toUnitWon: Won;
  /** Periods that begin on this day or later are asked for. */
  readonly startsOn: CalendarDate;
  readonly withoutConsent: "old-price" | "end";
  /** The first day on which the old price is no longer sold; null while that is open. */
  readonly soldUntil: CalendarDate | null;
};

export type PriceConsent = {
  readonly key: string;
  readonly toUnitWon: Won;
  /** The day of the period it was asked for. */
  readonly changesOn: CalendarDate;
  readonly agreedAt: Date;
  readonly voidedAt: Date | null;
};

export type PriceStep =
  /** Nothing is asked of the contract, or it keeps its price. */
  | { readonly kind: "same" }
  | { readonly kind: "moves"; readonly unitWon: Won }
  | { readonly kind: "ends" };

/** What a campaign means for the next period of a contract. */
export function priceStep(
  contract: Agreement,
  campaign: PriceCampaign,
  consents: readonly PriceConsent[],
): PriceStep {
  const { paidTo, booked } = contract;
  if (!isAskedFor(contract, campaign)) return { kind: "same" };
  const isAgreed = consents.some(
    ({ key, toUnitWon, changesOn, agreedAt, voidedAt }) =>
      key === campaign.key &&
      toUnitWon === campaign.toUnitWon &&
      changesOn === paidTo &&
      voidedAt === null &&
      isInConsentWindow(changesOn, agreedAt),
  );
  if (isAgreed && booked.move === null) return { kind: "moves", unitWon: campaign.toUnitWon };
  const isSold = campaign.soldUntil === null || paidTo < campaign.soldUntil;
  return campaign.withoutConsent === "old-price" && isSold ? { kind: "same" } : { kind: "ends" };
}

/** Whether the item goes on at the old price. Another plan or interval, and a lower price of its own, do not. */
function isAskedFor(
  { terms, booked, paidTo, nextPrices }: Agreement,
  campaign: PriceCampaign,
): boolean {
  if (paidTo < campaign.startsOn) return false;
  const item = itemsOf(terms).find(({ key }) => key === campaign.key);
  if (item === undefined || booked.addOns[campaign.key] === 0) return false;
  const leaves =
    booked.move !== null && (item.kind === "plan" || booked.move.interval !== terms.interval);
  return !leaves && (nextPrices[item.key] ?? item.unitWon) === campaign.fromUnitWon;
}
