import { Check } from "lucide-react";
import type { pricingText } from "@/components/text/pricing";
import { Button } from "@/components/ui/button";
import { Money } from "@/components/ui/money";
import type { Plan, Price } from "@/lib/billing/catalogue/plan";
import { formatWon } from "@/lib/billing/money";
import type { Locale } from "@/lib/http/locale";

/** Something sold once. */
export function OnceCard({
  plan,
  price,
  locale,
  text,
}: {
  plan: Plan;
  price: Price;
  locale: Locale;
  text: (typeof pricingText)["ko"];
}) {
  return (
    <section
      aria-labelledby={`plan-${plan.id}`}
      className="grid gap-6 rounded-card border border-line bg-surface p-6 sm:grid-cols-[1fr_auto] sm:items-center lg:p-7"
    >
      <div className="grid gap-2">
        <h3 id={`plan-${plan.id}`} className="text-lg">
          {plan.name[locale]}
        </h3>
        <p className="max-w-prose text-muted text-sm">{plan.description[locale]}</p>
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {plan.features.map((feature) => (
            <li key={feature.ko} className="flex items-center gap-2">
              <Check aria-hidden className="size-4 shrink-0 text-accent" strokeWidth={2.5} />
              {feature[locale]}
            </li>
          ))}
        </ul>
      </div>
      <div className="grid gap-3 sm:justify-items-end">
        <p className="flex items-baseline gap-2">
          <Money won={price.amountWon} locale={locale} size="lg" />
          <span className="text-muted text-sm">{text.vat}</span>
        </p>
        <form method="post" action="/api/checkouts" className="w-full">
          <input type="hidden" name="priceId" value={price.id} />
          <Button type="submit" wide>
            {text.once.buy(formatWon(price.amountWon, locale))}
          </Button>
        </form>
      </div>
    </section>
  );
}
