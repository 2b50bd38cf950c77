import { homeText } from "@/components/text/home";
import { pricingText } from "@/components/text/pricing";
import { Money } from "@/components/ui/money";
import type { Plan, Price } from "@/lib/billing/catalogue/plan";
import type { Locale } from "@/lib/http/locale";

/** A plan in one line, with its whole price. */
export function PlanRow({
  plan,
  price,
  trialUsed,
  locale,
}: {
  plan: Plan;
  price: Price;
  trialUsed: boolean;
  locale: Locale;
}) {
  const text = homeText[locale].plans;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-5">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h3 className="text-base sm:min-w-32">{plan.name[locale]}</h3>
        <p className="text-muted text-sm">{plan.description[locale]}</p>
      </div>
      <p className="flex items-baseline gap-1.5 text-muted text-sm">
        {price.trialDays > 0 && !trialUsed ? (
          <span className="mr-2 font-semibold text-accent-strong">
            {text.trial(price.trialDays)}
          </span>
        ) : null}
        <span className="text-ink">
          <Money won={price.amountWon} locale={locale} size="lg" />
        </span>
        / {text.per} · {pricingText[locale].vat}
      </p>
    </li>
  );
}
