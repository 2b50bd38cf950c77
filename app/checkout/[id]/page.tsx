import type { Metadata, Route } from "next";
import { notFound, redirect } from "next/navigation";
import { OnlyPayers } from "@/app/account/only-payers";
import { CheckoutForm } from "@/components/billing/checkout-form";
import { OrderSummary } from "@/components/billing/order-summary";
import { type CheckoutText, checkoutText } from "@/components/text/checkout";
import { Callout } from "@/components/ui/callout";
import { Link } from "@/components/ui/link";
import { Money } from "@/components/ui/money";
import { type CheckoutDetails, findCheckout, findCheckoutProgress } from "@/db/checkout";
import type { SignedIn } from "@/db/user";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { seoulDayOf } from "@/lib/billing/calendar";
import { type CheckoutProgress, type Quote, quoteCheckout } from "@/lib/billing/checkout/checkout";
import { declineWords } from "@/lib/billing/message/message";
import { formatWon } from "@/lib/billing/money";
import type { TossWindow } from "@/lib/browser/toss-window";
import { findLocale, type Locale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].title };
}

export default async function CheckoutPage({ params, searchParams }: PageProps<"/checkout/[id]">) {
  const { id } = await params;
  const person = await requireSignedIn(`/checkout/${id}`);
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const found = await findCheckout(person.accountId, id);
  const progress = await findCheckoutProgress(person.accountId, id);
  if (!found || !progress) notFound();
  const now = deps().clock.now();
  const canStillBuy = found.checkout.status === "open" && found.checkout.expiresAt > now;
  if (!canStillBuy || progress.kind === "checking") redirect(`/checkout/${id}/result` as Route);

  const locale = await findLocale();
  const text = checkoutText[locale];
  const { checkout, plan, price } = found;
  const today = seoulDayOf(now);
  const quote = quoteCheckout({ ...price, trialDays: checkout.trialDays }, today, false);
  const kind = kindOf(quote);
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-6 pt-10 sm:pt-14">
      <header className="grid gap-2">
        <h1 className="text-xl">{text.title}</h1>
        <p className="text-muted">{text.lead}</p>
      </header>
      <Earlier
        progress={progress}
        notice={(await searchParams).notice}
        locale={locale}
        text={text}
      />
      <OrderSummary
        name={plan.name[locale]}
        interval={price.interval}
        trialDays={checkout.trialDays}
        trialUsed={price.trialDays > 0 && checkout.trialDays === 0}
        quote={quote}
        today={today}
        locale={locale}
        text={text}
      />
      <section aria-labelledby="terms" className="grid gap-2 px-6 text-sm sm:px-8">
        <h2 id="terms" className="font-semibold text-sm">
          {text.terms}
        </h2>
        <ul className="grid list-disc gap-1 pl-5 text-muted">
          {text.termsOf[kind].map((term) => (
            <li key={term}>{term}</li>
          ))}
        </ul>
        <p>
          <Link
            href="/refund"
            target="_blank"
            className="inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
          >
            {text.policy}
          </Link>
        </p>
      </section>
      <CheckoutForm
        checkoutId={id}
        consents={consentsFor(found, quote, locale)}
        amount={<Money won={quote.todayWon} locale={locale} />}
        pay={payText(quote, locale)}
        sdk={{ clientKey: env().TOSS_CLIENT_KEY, sdkUrl: env().TOSS_SDK_URL }}
        tossWindow={windowFor(found, person, locale)}
        text={{
          consents: text.consents,
          tickBoth: text.tickBoth,
          opening: text.opening,
          back: text.back,
          todayTotal: text.todayTotal,
          tossNote: text.tossNote,
          stops: text.stops,
          noScript: text.noScript,
        }}
      />
    </div>
  );
}

/** What happened before, when the customer is here again. */
function Earlier({
  progress,
  notice,
  locale,
  text,
}: {
  progress: CheckoutProgress;
  notice: string | string[] | undefined;
  locale: Locale;
  text: CheckoutText;
}) {
  if (notice === "not-agreed")
    return <Callout tone="warning">{text.notices["not-agreed"]}</Callout>;
  if (progress.kind === "declined")
    return (
      <Callout tone="warning">
        {text.notices.declined(declineWords(progress.reason, locale))}
      </Callout>
    );
  if (progress.kind === "card-refused")
    return (
      <Callout tone="warning">
        {text.notices.refusedCard(declineWords(progress.reason, locale))}
      </Callout>
    );
  return null;
}

function kindOf(quote: Quote): "subscription" | "trial" | "once" {
  if (quote.kind === "one-time") return "once";
  return quote.trial ? "trial" : "subscription";
}

function consentsFor({ price }: CheckoutDetails, quote: Quote, locale: Locale) {
  const text = checkoutText[locale];
  const { terms, recurring, trialTerms, trialCard, oncePayment } = text.consentOf;
  if (quote.kind === "one-time" || price.interval === null) return { terms, payment: oncePayment };
  if (quote.trial) return { terms: trialTerms, payment: trialCard };
  const won = formatWon(quote.nextChargeWon, locale);
  return { terms, payment: recurring(text.every[price.interval], won) };
}

function payText(quote: Quote, locale: Locale): string {
  const text = checkoutText[locale];
  const won = formatWon(quote.todayWon, locale);
  if (quote.kind === "one-time") return text.payOnce(won);
  return quote.trial ? text.startTrial : text.pay(won);
}

function windowFor(
  { checkout, plan }: CheckoutDetails,
  { name, email, customerKey }: SignedIn,
  locale: Locale,
): TossWindow {
  const page = `${env().APP_URL}/checkout/${checkout.id}`;
  const person = { customerName: name, customerEmail: email };
  return plan.kind === "one-time"
    ? {
        kind: "payment",
        ...person,
        amount: checkout.amountWon,
        orderId: checkout.orderId,
        orderName: plan.name[locale],
        successUrl: `${page}/paid`,
        failUrl: `${page}/fail`,
      }
    : {
        kind: "card",
        ...person,
        customerKey,
        successUrl: `${page}/card`,
        failUrl: `${page}/fail`,
      };
}
