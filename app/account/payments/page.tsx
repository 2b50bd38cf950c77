import type { Metadata } from "next";
import { PaymentList } from "@/components/billing/payment-list";
import { nearOrLong } from "@/components/billing/subscription-view";
import { type AccountText, accountText } from "@/components/text/account";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { listConsentsOf } from "@/db/consent";
import { listPayments } from "@/db/invoice";
import { findLatestSubscription } from "@/db/subscription";
import { deps } from "@/deps";
import { requireCustomer } from "@/lib/auth/session";
import { seoulDayOf } from "@/lib/billing/calendar";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { formatWon } from "@/lib/billing/money";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { nextPeriod } from "@/lib/billing/subscription/subscription";
import { findLocale, type Locale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].payments.title };
}

export default async function PaymentsPage() {
  const { accountId } = await requireCustomer("/account/payments");
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.payments.title}</h1>
      <Payments accountId={accountId} locale={locale} text={text} />
    </div>
  );
}

type Face = { readonly locale: Locale; readonly text: AccountText };

async function Payments({ accountId, locale, text }: Face & { accountId: string }) {
  const payments = await listPayments(accountId);
  if (payments.length > 0) {
    return (
      <>
        <PaymentList payments={payments} locale={locale} text={text} />
        <p className="text-muted text-xs">{text.payments.tax}</p>
      </>
    );
  }
  return (
    <Card labelledBy="no-payments">
      <div className="grid justify-items-start gap-3">
        <h2 id="no-payments" className="text-lg">
          {text.payments.emptyTitle}
        </h2>
        <NothingYet accountId={accountId} locale={locale} text={text} />
      </div>
    </Card>
  );
}

/** When the first payment comes, where a trial leads to one. */
async function NothingYet({ accountId, locale, text }: Face & { accountId: string }) {
  const stored = await findLatestSubscription(accountId, "workspace");
  const subscription = stored?.subscription;
  if (subscription?.status !== "trialing" || subscription.cancelsOn !== null) {
    return (
      <>
        <p className="text-muted">{text.payments.empty}</p>
        <LinkButton href="/pricing">{text.payments.plans}</LinkButton>
      </>
    );
  }
  const today = seoulDayOf(deps().clock.now());
  const day = nearOrLong(nextPeriod(subscription).startsOn, today, locale);
  const won = formatWon(nextTotalWon(subscription), locale);
  const consents = await listConsentsOf(subscription.id);
  if (consents.some((consent) => isConsentFor(subscription, consent)))
    return <p className="text-muted">{text.payments.first(day, won)}</p>;
  return (
    <>
      <p className="text-muted">{text.payments.firstIfAgreed(day, won)}</p>
      <LinkButton href="/account/consent">{text.consent.look}</LinkButton>
    </>
  );
}
