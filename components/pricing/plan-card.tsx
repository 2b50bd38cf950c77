import { Check } from "lucide-react";
import type { pricingText } from "@/components/text/pricing";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { Money } from "@/components/ui/money";
import { type CalendarDate, type Interval, partsOf } from "@/lib/billing/calendar";
import {
  monthlyEquivalent,
  type Plan,
  type Price,
  yearlySaving,
} from "@/lib/billing/catalogue/plan";
import { type Quote, quoteCheckout, type Standing } from "@/lib/billing/checkout/checkout";
import { formatLongDate, formatNearDate } from "@/lib/billing/format";
import { formatWon, type Won } from "@/lib/billing/money";
import type { Locale } from "@/lib/http/locale";

type Text = (typeof pricingText)["ko"];

/** One plan at one interval: the whole price first, then what is paid when, then what it holds. */
export function PlanCard({
  plan,
  price,
  monthlyWon,
  trialUsed,
  standing,
  endsOn,
  today,
  locale,
  text,
}: {
  plan: Plan;
  price: Price & { interval: Interval };
  /** What a month costs when paid monthly, to tell the saving. */
  monthlyWon: Won | undefined;
  /** The viewer has started the product before: a trial is granted once. */
  trialUsed: boolean;
  /** What the price is to the viewer: only a free one has a button that orders. */
  standing: Standing;
  /** The day on which the viewer's cancelled subscription ends. */
  endsOn: CalendarDate | null;
  today: CalendarDate;
  locale: Locale;
  text: Text;
}) {
  const name = plan.name[locale];
  const { interval, amountWon } = price;
  const quote = quoteCheckout(price, today, trialUsed);
  const saving = monthlyWon === undefined ? 0 : yearlySaving(monthlyWon, { interval, amountWon });
  return (
    <section
      aria-labelledby={`plan-${plan.id}`}
      className="row-span-5 grid grid-rows-subgrid gap-6 rounded-card border border-line bg-surface p-6"
    >
      <header>
        <h2 id={`plan-${plan.id}`} className="flex items-center justify-between gap-2 text-lg">
          {name}
          {standing === "mine" ? <Badge tone="good">{text.held.mine}</Badge> : null}
        </h2>
        <p className="text-muted text-sm">{plan.description[locale]}</p>
      </header>
      <div className="grid content-start gap-1">
        <p className="flex flex-wrap items-baseline gap-x-1.5">
          <Money won={amountWon} locale={locale} size="xl" />
          <span className="text-muted">/ {text.per[interval]}</span>
        </p>
        <p className="text-muted text-sm">{text.vat}</p>
        <p className="text-sm">
          {interval === "month" ? (
            <span className="text-muted">{text.cancelAnyTime}</span>
          ) : (
            text.perMonth(formatWon(monthlyEquivalent({ interval, amountWon }), locale))
          )}
          {saving > 0 ? (
            <span className="block font-semibold text-accent-strong">
              {text.saving(formatWon(saving, locale))}
            </span>
          ) : null}
        </p>
      </div>
      {standing === "free" ? (
        <>
          <Schedule price={price} quote={quote} today={today} locale={locale} text={text} />
          <form method="post" action="/api/checkouts">
            <input type="hidden" name="priceId" value={price.id} />
            <Button type="submit" variant="primary" wide>
              {hasTrial(quote) ? text.startTrial(name, price.trialDays) : text.start(name)}
            </Button>
          </form>
        </>
      ) : (
        <div className="row-span-2">
          {standing === "mine" ? (
            <LinkButton href="/account" wide>
              {text.held.account}
            </LinkButton>
          ) : (
            <p className="rounded-control bg-sunken p-3.5 text-muted text-sm">
              {endsOn === null
                ? text.held.waits
                : text.held.waitsUntil(dayOf(endsOn, today, locale))}
            </p>
          )}
        </div>
      )}
      <ul aria-label={text.includes} className="grid content-start gap-2.5 text-sm">
        {plan.features.map((feature) => (
          <li key={feature.ko} className="flex items-start gap-2.5">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-accent" strokeWidth={2.5} />
            {feature[locale]}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is paid today and what on which day after that: the same quote the order is made of. */
function Schedule({
  price,
  quote,
  today,
  locale,
  text,
}: {
  price: Price & { interval: Interval };
  quote: Quote;
  today: CalendarDate;
  locale: Locale;
  text: Text;
}) {
  if (quote.kind === "one-time") return null;
  const { nextChargeOn } = quote;
  const nextDay = dayOf(nextChargeOn, today, locale);
  return (
    <div className="grid content-start gap-2.5 rounded-control bg-sunken p-3.5 text-sm">
      <dl className="grid gap-2">
        <div className="flex items-baseline justify-between gap-3">
          <dt className="text-muted">{text.today}</dt>
          <dd className="whitespace-nowrap text-right font-semibold">
            {quote.trial ? `${text.free(price.trialDays)} · ` : null}
            {formatWon(quote.todayWon, locale)}
          </dd>
        </div>
        <div className="flex items-baseline justify-between gap-3">
          <dt className="text-muted">{nextDay}</dt>
          <dd className="whitespace-nowrap text-right font-semibold">
            {formatWon(quote.nextChargeWon, locale)}
          </dd>
        </div>
      </dl>
      <p className="text-muted text-xs">
        {quote.trial ? text.trialNote : text.noTrialNote(text.every[price.interval])}
      </p>
      {price.trialDays > 0 && !quote.trial ? <p className="text-xs">{text.trialUsed}</p> : null}
    </div>
  );
}

/** With its year only where that is another. */
export function dayOf(day: CalendarDate, today: CalendarDate, locale: Locale): string {
  const isThisYear = partsOf(day).year === partsOf(today).year;
  return (isThisYear ? formatNearDate : formatLongDate)(day, locale);
}

function hasTrial(quote: Quote): boolean {
  return quote.kind === "subscription" && quote.trial !== null;
}
