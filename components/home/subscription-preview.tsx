import type { homeText } from "@/components/text/home";
import { Badge } from "@/components/ui/badge";
import { Money } from "@/components/ui/money";
import { type CalendarDate, nthPeriod } from "@/lib/billing/calendar";
import type { Plan, Price } from "@/lib/billing/catalogue/plan";
import { formatNearDate, formatPeriod } from "@/lib/billing/format";
import type { Locale } from "@/lib/http/locale";

/** What a subscriber sees, as a picture: real plan, real price, the days of somebody who starts today. */
export function SubscriptionPreview({
  plan,
  price,
  today,
  locale,
  text,
}: {
  plan: Plan;
  price: Price;
  today: CalendarDate;
  locale: Locale;
  text: (typeof homeText)["ko"]["preview"];
}) {
  const period = nthPeriod(today, "month", 0);
  return (
    <figure className="grid gap-3">
      <div className="rounded-card border border-line bg-surface p-6 shadow-raised sm:p-7">
        <div className="flex items-center justify-between gap-4">
          <p className="font-bold text-lg">{plan.name[locale]}</p>
          <Badge tone="good">{text.status}</Badge>
        </div>
        <p className="mt-5 text-muted text-sm">
          {text.next} {formatNearDate(period.endsOn, locale)}
        </p>
        <p>
          <Money won={price.amountWon} locale={locale} size="xl" />
        </p>
        <dl className="mt-5 grid gap-2.5 border-line border-t pt-5 text-sm">
          <div className="flex justify-between gap-4">
            <dt className="text-muted">{text.period}</dt>
            <dd>{formatPeriod(period)}</dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-muted">{text.card}</dt>
            <dd>{text.cardName}</dd>
          </div>
        </dl>
        <ul className="mt-5 grid grid-cols-3 gap-2 text-center font-medium text-sm">
          {text.actions.map((action) => (
            <li key={action} className="rounded-control bg-sunken px-1 py-2.5">
              {action}
            </li>
          ))}
        </ul>
      </div>
      <figcaption className="text-center text-muted text-xs">{text.label}</figcaption>
    </figure>
  );
}
