import type { Route } from "next";
import type { CheckoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { Day } from "@/components/ui/day";
import { Money } from "@/components/ui/money";
import { Receipt, ReceiptLine } from "@/components/ui/receipt";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import { formatLongDate, formatPeriod } from "@/lib/billing/format";
import { formatWon, type Won } from "@/lib/billing/money";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { Locale } from "@/lib/http/locale";
import { ReceiptLink } from "./receipt-link";

type Face = { readonly locale: Locale; readonly text: CheckoutText };

/** A payment that was made, as far as people see it. */
type MadePayment = {
  readonly invoice: {
    readonly totalWon: Won;
    readonly periodStartsOn: Parameters<typeof formatPeriod>[0]["startsOn"] | null;
    readonly periodEndsOn: Parameters<typeof formatPeriod>[0]["endsOn"] | null;
  };
  readonly charge: { readonly approvedAt: Date | null; readonly receiptUrl: string | null } | null;
  readonly card: Parameters<typeof cardLabel>[0] | null;
  readonly refundedWon: Won;
};

export function PaidReceipt({
  name,
  payment: { invoice, charge, card, refundedWon },
  next,
  locale,
  text,
}: Face & {
  name: string;
  payment: MadePayment;
  /** The next charge of the subscription; null for what is sold once. */
  next: { readonly on: CalendarDate | null; readonly amountWon: Won } | null;
}) {
  const { periodStartsOn: startsOn, periodEndsOn: endsOn } = invoice;
  return (
    <Card>
      <Receipt>
        <ReceiptLine label={text.done.item}>{name}</ReceiptLine>
        {startsOn && endsOn ? (
          <ReceiptLine label={text.done.period}>{formatPeriod({ startsOn, endsOn })}</ReceiptLine>
        ) : null}
        {charge?.approvedAt ? (
          <ReceiptLine label={text.done.paidOn}>
            <Day on={seoulDayOf(charge.approvedAt)} locale={locale} />
          </ReceiptLine>
        ) : null}
        {card ? <ReceiptLine label={text.done.card}>{cardLabel(card, locale)}</ReceiptLine> : null}
        <ReceiptLine label={text.done.amount} total>
          <Money won={invoice.totalWon} locale={locale} size="lg" />
        </ReceiptLine>
        {refundedWon > 0 ? (
          <ReceiptLine label={text.done.refunded}>{formatWon(refundedWon, locale)}</ReceiptLine>
        ) : null}
        {next?.on ? (
          <ReceiptLine label={text.done.next}>
            <Day on={next.on} locale={locale} /> · {formatWon(next.amountWon, locale)}
          </ReceiptLine>
        ) : null}
      </Receipt>
      {charge?.receiptUrl ? (
        <p className="mt-5 border-line border-t pt-3 text-right">
          <ReceiptLink href={charge.receiptUrl}>{text.done.receipt}</ReceiptLink>
        </p>
      ) : null}
    </Card>
  );
}

export function TrialReceipt({
  name,
  checkout,
  subscription,
  asksConsent,
  locale,
  text,
}: Face & {
  name: string;
  checkout: { readonly completedAt: Date | null };
  subscription: Subscription;
  /** Whether the coming charge still needs consent that was not given. */
  asksConsent: boolean;
}) {
  const { anchorOn } = subscription.terms;
  const amountWon = nextTotalWon(subscription);
  const began = checkout.completedAt;
  return (
    <div className="grid gap-6">
      <Card>
        <Receipt>
          <ReceiptLine label={text.done.item}>{name}</ReceiptLine>
          {began ? (
            <ReceiptLine label={text.trial.until}>
              {formatPeriod({ startsOn: seoulDayOf(began), endsOn: anchorOn })}
            </ReceiptLine>
          ) : null}
          <ReceiptLine label={text.trial.first}>
            <Day on={anchorOn} locale={locale} /> · {formatWon(amountWon, locale)}
          </ReceiptLine>
          <ReceiptLine label={text.trial.paidToday} total>
            <Money won={0} locale={locale} size="lg" />
          </ReceiptLine>
        </Receipt>
      </Card>
      {asksConsent ? (
        <Callout tone="info" title={text.trial.consentTitle}>
          <p className="mb-3">
            {text.trial.consentBody(formatLongDate(anchorOn, locale), formatWon(amountWon, locale))}
          </p>
          <LinkButton href={"/account/consent" as Route}>{text.trial.consent}</LinkButton>
        </Callout>
      ) : null}
    </div>
  );
}
