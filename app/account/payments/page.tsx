import type { Metadata, Route } from "next";
import { addressOf } from "@/app/account/contract";
import { OnlyPayers } from "@/app/account/only-payers";
import { PaymentList } from "@/components/billing/payment-list";
import { nearOrLong } from "@/components/billing/subscription-view";
import { type AccountText, accountText } from "@/components/text/account";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { listConsentsOf } from "@/db/consent";
import { listPayments } from "@/db/invoice";
import { listLatestSubscriptions } from "@/db/subscription";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { seoulDayOf } from "@/lib/billing/calendar";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { formatWon } from "@/lib/billing/money";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { nextPeriod } from "@/lib/billing/subscription/subscription";
import { findLocale, type Locale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].payments.title };
}

export default async function PaymentsPage({ searchParams }: PageProps<"/account/payments">) {
  const person = await requireSignedIn("/account/payments");
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.payments.title}</h1>
      <Payments
        accountId={accountId}
        subscriptionId={(await searchParams).subscription}
        locale={locale}
        text={text}
      />
    </div>
  );
}

type Face = { readonly locale: Locale; readonly text: AccountText };

type Wanted = {
  readonly accountId: string;
  readonly subscriptionId: string | string[] | undefined;
};

/** Of all contracts, or of the one that the address names. */
async function Payments({ accountId, subscriptionId, locale, text }: Face & Wanted) {
  const payments = (await listPayments(accountId)).filter(
    ({ invoice }) => subscriptionId === undefined || invoice.subscriptionId === subscriptionId,
  );
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
        <NothingYet
          accountId={accountId}
          subscriptionId={subscriptionId}
          locale={locale}
          text={text}
        />
      </div>
    </Card>
  );
}

/** When the first payment comes, where a trial leads to one. */
async function NothingYet({ accountId, subscriptionId, locale, text }: Face & Wanted) {
  const contracts = await listLatestSubscriptions(accountId);
  const subscription = contracts
    .map((stored) => stored.subscription)
    .filter(({ id }) => subscriptionId === undefined || id === subscriptionId)
    .find(({ status }) => status === "trialing");
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
      <LinkButton
        href={addressOf("/account/consent", subscription.id, contracts.length > 1) as Route}
      >
        {text.consent.look}
      </LinkButton>
    </>
  );
}
