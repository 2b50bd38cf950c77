import type { ReactNode } from "react";
import type { CheckoutText } from "@/components/text/checkout";
import { Day } from "@/components/ui/day";
import { Money } from "@/components/ui/money";
import type { CalendarDate, Interval } from "@/lib/billing/calendar";
import type { Quote } from "@/lib/billing/checkout/checkout";
import { formatPeriod } from "@/lib/billing/format";
import { formatWon, splitVat, type Won } from "@/lib/billing/money";
import type { Locale } from "@/lib/http/locale";

type Face = { readonly locale: Locale; readonly text: CheckoutText };

/** What is bought and what it costs today, then what is paid on which day: the quote the charge is made of. */
export function OrderSummary({
  name,
  interval,
  trialDays,
  trialUsed,
  quote,
  today,
  ...face
}: Face & {
  name: string;
  interval: Interval | null;
  trialDays: number;
  /** The price has a trial that this customer has used before. */
  trialUsed: boolean;
  quote: Quote;
  today: CalendarDate;
}) {
  const { locale, text } = face;
  return (
    <section
      aria-labelledby="order"
      className="overflow-hidden rounded-card border border-line bg-surface"
    >
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4 p-6 sm:p-8">
        <div>
          <h2 id="order" className="text-lg">
            {name}
          </h2>
          <p className="text-muted text-sm">{interval ? text.intervals[interval] : text.once}</p>
        </div>
        <div className="sm:text-right">
          <p className="text-muted text-sm">{text.todayTotal}</p>
          <p>
            <Money won={quote.todayWon} locale={locale} size="xl" />
          </p>
          <p className="text-muted text-xs">
            {text.vatIncluded}
            {quote.todayWon > 0 ? <VatSplit won={quote.todayWon} {...face} /> : null}
          </p>
        </div>
        {trialUsed ? <p className="w-full text-sm">{text.trialUsed}</p> : null}
      </header>
      <div className="border-line border-t border-dashed p-6 sm:p-8">
        {quote.kind === "subscription" && interval ? (
          <Schedule
            quote={quote}
            interval={interval}
            trialDays={trialDays}
            today={today}
            {...face}
          />
        ) : (
          <p className="text-muted text-sm">{text.onceNote}</p>
        )}
      </div>
    </section>
  );
}

function Schedule({
  quote,
  interval,
  trialDays,
  today,
  locale,
  text,
}: Face & {
  quote: Extract<Quote, { kind: "subscription" }>;
  interval: Interval;
  trialDays: number;
  today: CalendarDate;
}) {
  const { trial, firstPaidPeriod, nextChargeOn, nextChargeWon } = quote;
  const face = { locale, text };
  const every = text.thenEvery(text.every[interval], formatWon(nextChargeWon, locale));
  return (
    <>
      <h3 className="mb-5 text-muted text-sm">{text.schedule}</h3>
      <ol className="grid gap-6 before:absolute before:top-2 before:bottom-8 before:left-[5px] before:w-px before:bg-line relative">
        <Step on={today} label={text.today} won={quote.todayWon} now {...face}>
          {trial
            ? text.trialCovers(trialDays, unbrokenPeriod(formatPeriod(trial)))
            : text.covers(unbrokenPeriod(formatPeriod(firstPaidPeriod)))}
        </Step>
        {trial ? (
          <li className="relative pl-7 text-sm">
            <Dot />
            <p className="font-semibold">{text.trialConsent}</p>
            <p className="text-muted">{text.trialConsentBody}</p>
          </li>
        ) : null}
        <Step on={nextChargeOn} label={text.next} won={nextChargeWon} {...face}>
          {trial ? `${text.ifAgreed} · ` : null}
          {every}
          {trial ? <VatSplit won={nextChargeWon} {...face} /> : null}
        </Step>
      </ol>
    </>
  );
}

function Step({
  on,
  label,
  won,
  now = false,
  children,
  locale,
}: Face & {
  on: CalendarDate;
  label: string;
  won: number;
  now?: boolean;
  children: ReactNode;
}) {
  return (
    <li className="relative pl-7">
      <Dot now={now} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <p className="font-semibold">
          {label} <span className="font-normal text-muted">·</span> <Day on={on} locale={locale} />
        </p>
        <Money won={won} locale={locale} />
      </div>
      <p className="text-muted text-sm tabular-nums">{children}</p>
    </li>
  );
}

function Dot({ now = false }: { now?: boolean }) {
  return (
    <span
      aria-hidden
      className={`absolute top-2 left-0 size-[11px] rounded-full border-2 ${
        now ? "border-accent bg-accent" : "border-line-strong bg-surface"
      }`}
    />
  );
}

function VatSplit({ won, locale, text }: Face & { won: Won }) {
  const { suppliedWon, vatWon } = splitVat(won);
  return (
    <span className="block tabular-nums">
      {text.supply} {formatWon(suppliedWon, locale)} + {text.vat} {formatWon(vatWon, locale)}
    </span>
  );
}

/** Keeps a period on one line: no line is to begin with its "~". */
function unbrokenPeriod(period: string): string {
  return period.replaceAll(" ", "\u00a0");
}
