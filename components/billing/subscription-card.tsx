import type { ReactNode } from "react";
import type { AccountText } from "@/components/text/account";
import { Badge } from "@/components/ui/badge";
import { Day } from "@/components/ui/day";
import { Receipt, ReceiptLine } from "@/components/ui/receipt";
import { addDays } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import { formatPeriod, formatTableDate } from "@/lib/billing/format";
import { formatWon } from "@/lib/billing/money";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { paidPeriod, type Subscription } from "@/lib/billing/subscription/subscription";
import type { Locale } from "@/lib/http/locale";
import type { SubscriptionView } from "./subscription-view";

/** What I have, until when, what next, with which card; and under it all that can be done, in one weight. */
export function SubscriptionCard({
  view,
  subscription,
  nextActionAt,
  planName,
  card,
  hasConsent,
  locale,
  text,
  next,
  children,
}: {
  view: SubscriptionView;
  subscription: Subscription;
  nextActionAt: Date | null;
  planName: string;
  card: Parameters<typeof cardLabel>[0] | null;
  hasConsent: boolean;
  locale: Locale;
  text: AccountText;
  /** The one thing asked of the holder now, if any. */
  next: ReactNode;
  /** All else that can be done, as buttons of one weight. */
  children: ReactNode;
}) {
  const { facts } = text;
  return (
    <section
      aria-labelledby={subscription.id}
      className="overflow-hidden rounded-card border border-line bg-surface"
    >
      <div className="grid gap-3 p-6 sm:p-8">
        <p className="flex flex-wrap items-center gap-3">
          <span className="font-semibold">{planName}</span>
          <Badge tone={view.badge.tone}>{view.badge.word}</Badge>
        </p>
        <h2 id={subscription.id} className="text-xl">
          {view.headline}
        </h2>
        <div className="grid gap-1 text-muted text-sm">
          {view.details.map((detail) => (
            <p key={detail}>{detail}</p>
          ))}
        </div>
        {next ? <div className="mt-2 grid sm:justify-items-start">{next}</div> : null}
      </div>
      <div className="border-line border-t p-6 sm:px-8">
        <Receipt>
          <ReceiptLine label={facts.plan}>
            {planName} · {text.intervals[subscription.terms.interval]}
          </ReceiptLine>
          <ReceiptLine label={facts.price}>
            {text.per[subscription.terms.interval]} {formatWon(nextTotalWon(subscription), locale)}{" "}
            <span className="text-muted">({text.vat})</span>
          </ReceiptLine>
          <Dates
            subscription={subscription}
            nextActionAt={nextActionAt}
            hasConsent={hasConsent}
            locale={locale}
            text={text}
          />
          {subscription.status === "ended" ? null : (
            <ReceiptLine label={facts.card}>
              {card ? cardLabel(card, locale) : facts.noCard}
            </ReceiptLine>
          )}
        </Receipt>
      </div>
      <ul
        aria-label={text.actions.label}
        className="grid grid-cols-2 gap-3 border-line border-t p-6 sm:px-8 [&>li]:grid [&>li]:content-start"
      >
        {children}
      </ul>
    </section>
  );
}

function Dates({
  subscription,
  nextActionAt,
  hasConsent,
  locale,
  text: { badges, facts },
}: {
  subscription: Subscription;
  nextActionAt: Date | null;
  hasConsent: boolean;
  locale: Locale;
  text: AccountText;
}) {
  const period = paidPeriod(subscription);
  const { status } = subscription;
  if (status === "incomplete") return null;
  // Without consent the line says what a consent would bring.
  const next = nextChargeOn(subscription, nextActionAt, true);
  const none = nextActionAt === null ? badges.checking : facts.none;
  return (
    <>
      {status === "trialing" ? (
        <ReceiptLine label={facts.trial}>
          {facts.until(formatTableDate(addDays(subscription.paidTo, -1)))}
        </ReceiptLine>
      ) : null}
      {period ? <ReceiptLine label={facts.period}>{formatPeriod(period)}</ReceiptLine> : null}
      {status === "ended" ? null : (
        <ReceiptLine label={labelOfNext(subscription, hasConsent, facts)}>
          {next ? <Day on={next} locale={locale} /> : none}
        </ReceiptLine>
      )}
    </>
  );
}

function labelOfNext(
  { status, cancelsOn }: Extract<Subscription, { cancelsOn: unknown }>,
  hasConsent: boolean,
  facts: AccountText["facts"],
): string {
  if (status === "past-due") return facts.retry;
  return status === "trialing" && cancelsOn === null && !hasConsent
    ? facts.nextIfAgreed
    : facts.next;
}
