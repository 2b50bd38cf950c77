import { authText } from "@/components/text/auth";
import { pricingText } from "@/components/text/pricing";
import { Money } from "@/components/ui/money";
import type { Plan, Price } from "@/lib/billing/catalogue/plan";
import type { Locale } from "@/lib/http/locale";

/** What a person who chose a price is about to order. */
export function ChosenOrder({ plan, price, locale }: { plan: Plan; price: Price; locale: Locale }) {
  const { order } = authText[locale];
  const { intervals, per, vat } = pricingText[locale];
  const { interval } = price;
  return (
    <section
      aria-label={order.title}
      className="grid gap-1 rounded-card border border-line bg-surface p-5"
    >
      <h2 className="text-base">
        {plan.name[locale]} · {interval === null ? order.once : intervals[interval]}
      </h2>
      <p className="flex flex-wrap items-baseline gap-x-1.5">
        <Money won={price.amountWon} locale={locale} size="lg" />
        <span className="text-muted text-sm">
          {interval === null ? vat : `/ ${per[interval]} · ${vat}`}
        </span>
      </p>
      {price.trialDays > 0 ? <p className="text-sm">{order.trial(price.trialDays)}</p> : null}
      <p className="text-muted text-sm">{order.body}</p>
    </section>
  );
}
