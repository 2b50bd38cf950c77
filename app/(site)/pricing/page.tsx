import type { Metadata, Route } from "next";
import { Faq } from "@/components/pricing/faq";
import { OnceCard } from "@/components/pricing/once-card";
import { dayOf, PlanCard } from "@/components/pricing/plan-card";
import { MessagePage } from "@/components/site/message-page";
import { pricingText } from "@/components/text/pricing";
import { Callout } from "@/components/ui/callout";
import { Link } from "@/components/ui/link";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { listOffers, type OfferedPlan } from "@/db/catalogue";
import { findLatestSubscription, listStartedProducts } from "@/db/subscription";
import { deps } from "@/deps";
import { signedInOrNull } from "@/lib/auth/session";
import { type CalendarDate, INTERVALS, type Interval, seoulDayOf } from "@/lib/billing/calendar";
import { type Bilingual, type Price, yearlySaving } from "@/lib/billing/catalogue/plan";
import { type Standing, standingOf } from "@/lib/billing/checkout/checkout";
import { formatWon } from "@/lib/billing/money";
import { holdsProduct, type Subscription } from "@/lib/billing/subscription/subscription";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  const text = pricingText[await findLocale()];
  return { title: text.title, description: text.lead };
}

export default async function PricingPage({ searchParams }: PageProps<"/pricing">) {
  const { interval: wanted } = await searchParams;
  const locale = await findLocale();
  const text = pricingText[locale];
  const today = seoulDayOf(deps().clock.now());
  const person = await signedInOrNull();
  const started = person ? await listStartedProducts(person.accountId) : new Set<string>();
  const offers = await listOffers();
  const held = person ? await listHeld(person.accountId, offers) : [];
  const interval =
    INTERVALS.find((one) => one === wanted) ?? held[0]?.subscription.terms.interval ?? "month";
  const plans = offers.flatMap((plan) => {
    const price = priceAt(plan, interval);
    return price ? [{ plan, price, monthlyWon: priceAt(plan, "month")?.amountWon }] : [];
  });
  const sold = offers.flatMap((plan) => {
    const price = plan.prices.find((one) => one.interval === null);
    return price ? [{ plan, price }] : [];
  });
  if (offers.length === 0) return <MessagePage title={text.empty.title} body={text.empty.body} />;
  const saving = Math.max(0, ...offers.map(savingOfAYear));
  return (
    <div className="mx-auto grid max-w-5xl gap-12 px-5 pt-12 sm:px-8 sm:pt-16">
      <header className="grid justify-items-start gap-3">
        <h1 className="text-xl sm:text-2xl">{text.heading}</h1>
        <p className="text-muted">{text.lead}</p>
        <div className="mt-3 w-full sm:w-auto">
          <SegmentedLinks
            label={text.interval}
            segments={INTERVALS.map((one) => ({
              href: `/pricing?interval=${one}` as Route,
              label: text.intervals[one],
              isCurrent: one === interval,
            }))}
          />
        </div>
        {saving > 0 ? (
          <p className="font-semibold text-accent-strong text-sm">
            {text.saveUpTo(formatWon(saving, locale))}
          </p>
        ) : null}
      </header>
      {held.map(({ subscription, planName }) => (
        <Callout
          key={subscription.id}
          tone="info"
          title={text.held.title(
            `${planName[locale]} ${text.intervals[subscription.terms.interval]}`,
          )}
        >
          {subscription.cancelsOn === null
            ? text.held.cancelFirst
            : text.held.endsOn(dayOf(subscription.cancelsOn, today, locale))}
        </Callout>
      ))}
      <div className="grid gap-x-5 gap-y-5 lg:grid-cols-3">
        {plans.map((offer) => (
          <PlanCard
            key={offer.plan.id}
            {...offer}
            {...standingFor(offer, held)}
            trialUsed={started.has(offer.plan.product)}
            today={today}
            locale={locale}
            text={text}
          />
        ))}
      </div>
      {sold.length > 0 ? (
        <section aria-labelledby="once" className="grid gap-4">
          <header>
            <h2 id="once" className="text-lg">
              {text.once.heading}
            </h2>
            <p className="text-muted text-sm">{text.once.note}</p>
          </header>
          {sold.map((offer) => (
            <OnceCard key={offer.plan.id} {...offer} locale={locale} text={text} />
          ))}
        </section>
      ) : null}
      <section aria-labelledby="faq" className="grid w-full max-w-3xl gap-4">
        <h2 id="faq" className="text-lg">
          {text.faqHeading}
        </h2>
        <Faq items={text.faq} />
        <Link href="/refund" className="font-semibold text-accent text-sm hover:underline">
          {text.policyLink}
        </Link>
      </section>
    </div>
  );
}

type Held = {
  readonly subscription: Extract<Subscription, { status: "trialing" | "active" | "past-due" }>;
  readonly planName: Bilingual;
};

/** The viewer's running subscriptions, one for each product at most. */
async function listHeld(
  accountId: string,
  offers: readonly OfferedPlan[],
): Promise<readonly Held[]> {
  const products = new Set(offers.map(({ product }) => product));
  const latest = await Promise.all(
    [...products].map((product) => findLatestSubscription(accountId, product)),
  );
  return latest.flatMap((stored) => {
    if (!stored || !holdsProduct(stored.subscription)) return [];
    return [{ subscription: stored.subscription, planName: stored.planName }];
  });
}

function standingFor(
  { plan, price }: { plan: OfferedPlan; price: Price },
  held: readonly Held[],
): { standing: Standing; endsOn: CalendarDate | null } {
  const own = held.find(({ subscription }) => subscription.product === plan.product);
  const subscription = own?.subscription ?? null;
  return { standing: standingOf(price, subscription), endsOn: subscription?.cancelsOn ?? null };
}

function priceAt(
  plan: OfferedPlan,
  interval: Interval,
): (Price & { interval: Interval }) | undefined {
  const price = plan.prices.find((one) => one.interval === interval);
  return price && { ...price, interval };
}

function savingOfAYear(plan: OfferedPlan): number {
  const [month, year] = [priceAt(plan, "month"), priceAt(plan, "year")];
  return month && year ? yearlySaving(month.amountWon, year) : 0;
}
