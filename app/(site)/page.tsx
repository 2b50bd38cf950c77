import {
  Blocks,
  FolderKanban,
  HandCoins,
  ReceiptText,
  RotateCcw,
  Undo2,
  Users,
} from "lucide-react";
import { Points } from "@/components/home/points";
import { SubscriptionPreview } from "@/components/home/subscription-preview";
import { PlanRow } from "@/components/pricing/plan-row";
import { homeText } from "@/components/text/home";
import { LinkButton } from "@/components/ui/button";
import { listOffers } from "@/db/catalogue";
import { listStartedProducts } from "@/db/subscription";
import { deps } from "@/deps";
import { signedInOrNull } from "@/lib/auth/session";
import { seoulDayOf } from "@/lib/billing/calendar";
import { formatWon } from "@/lib/billing/money";
import { findLocale } from "@/lib/http/locale";

export default async function HomePage() {
  const locale = await findLocale();
  const text = homeText[locale];
  const today = seoulDayOf(deps().clock.now());
  const person = await signedInOrNull();
  const started = person ? await listStartedProducts(person.accountId) : new Set<string>();
  const monthly = (await listOffers()).flatMap((plan) => {
    const price = plan.prices.find((one) => one.interval === "month");
    return price ? [{ plan, price }] : [];
  });
  const cheapest = monthly.toSorted((a, b) => a.price.amountWon - b.price.amountWon)[0];
  const shown = monthly[1] ?? cheapest;
  return (
    <div className="mx-auto grid max-w-5xl gap-24 px-5 pt-14 sm:px-8 sm:pt-24">
      <section className="grid items-center gap-12 lg:grid-cols-[1fr_24rem]">
        <div className="grid justify-items-start gap-5">
          <h1 className="text-xl sm:text-2xl">{text.heading}</h1>
          <p className="max-w-md text-muted sm:text-lg">{text.lead}</p>
          <div className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-3">
            <LinkButton href="/pricing" variant="primary">
              {text.see}
            </LinkButton>
            {cheapest ? (
              <p className="text-muted text-sm">
                {text.from(formatWon(cheapest.price.amountWon, locale))}
              </p>
            ) : null}
          </div>
        </div>
        {shown ? (
          <SubscriptionPreview {...shown} today={today} locale={locale} text={text.preview} />
        ) : null}
      </section>
      <Points
        id="does"
        heading={text.does.heading}
        items={text.does.items}
        icons={[FolderKanban, Users, Blocks]}
      />
      <Points
        id="honest"
        heading={text.honest.heading}
        lead={text.honest.lead}
        items={text.honest.items}
        icons={[ReceiptText, HandCoins, Undo2, RotateCcw]}
      />
      {monthly.length > 0 ? (
        <section aria-labelledby="plans" className="grid gap-6">
          <header className="grid gap-1">
            <h2 id="plans" className="text-xl">
              {text.plans.heading}
            </h2>
            <p className="text-muted">{text.plans.lead}</p>
          </header>
          <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6">
            {monthly.map((offer) => (
              <PlanRow
                key={offer.plan.id}
                {...offer}
                trialUsed={started.has(offer.plan.product)}
                locale={locale}
              />
            ))}
          </ul>
          <p>
            <LinkButton href="/pricing">{text.plans.all}</LinkButton>
          </p>
        </section>
      ) : null}
    </div>
  );
}
