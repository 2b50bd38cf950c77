import type { Metadata, Route } from "next";
import { notFound, redirect } from "next/navigation";
import { OnlyPayers } from "@/app/account/only-payers";
import { Checking } from "@/components/billing/checking";
import { Outcome } from "@/components/billing/outcome";
import { PaidReceipt, TrialReceipt } from "@/components/billing/result-receipts";
import { RetryCard } from "@/components/billing/retry-card";
import { type CheckoutText, checkoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { type CheckoutDetails, findCheckout, findCheckoutProgress } from "@/db/checkout";
import { listConsentsOf } from "@/db/consent";
import { listPayments } from "@/db/invoice";
import { findLatestSubscription, findSubscriptionOfCheckout } from "@/db/subscription";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import type { CheckoutProgress } from "@/lib/billing/checkout/checkout";
import { needsConsent } from "@/lib/billing/consent/consent";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { declineWords } from "@/lib/billing/message/message";
import { formatWon } from "@/lib/billing/money";
import { nextChargeOn } from "@/lib/billing/renewal/renewal";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { holdsProduct } from "@/lib/billing/subscription/subscription";
import { findLocale, type Locale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].title };
}

export default async function CheckoutResultPage({ params }: PageProps<"/checkout/[id]/result">) {
  const { id } = await params;
  const person = await requireSignedIn(`/checkout/${id}/result`);
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const found = await findCheckout(accountId, id);
  const progress = await findCheckoutProgress(accountId, id);
  if (!found || !progress) notFound();
  const locale = await findLocale();
  const text = checkoutText[locale];
  if (progress.kind === "needs-card" && found.checkout.expiresAt > deps().clock.now())
    redirect(`/checkout/${id}` as Route);
  return (
    <div aria-live="polite">
      <Progress
        accountId={accountId}
        found={found}
        progress={progress}
        locale={locale}
        text={text}
      />
    </div>
  );
}

type Face = { readonly locale: Locale; readonly text: CheckoutText };

function Progress({
  accountId,
  found,
  progress,
  locale,
  text,
}: Face & { accountId: string; found: CheckoutDetails; progress: CheckoutProgress }) {
  const { id } = found.checkout;
  const endpoint = `/api/checkouts/${id}/complete`;
  switch (progress.kind) {
    case "checking":
      return (
        <Checking
          endpoint={endpoint}
          later={
            found.plan.kind === "one-time"
              ? { href: "/account/payments", label: text.done.payments }
              : { href: "/account", label: text.done.account }
          }
          text={text.checking}
        />
      );
    case "done":
      return <Done accountId={accountId} found={found} locale={locale} text={text} />;
    case "declined":
      return (
        <Declined
          found={found}
          reason={declineWords(progress.reason, locale)}
          mayRetry={progress.mayRetry}
          endpoint={endpoint}
          locale={locale}
          text={text}
        />
      );
    case "card-refused":
      return (
        <Outcome
          tone="bad"
          title={text.cardRefused.title}
          body={
            <>
              <p>{text.cardRefused.body(declineWords(progress.reason, locale))}</p>
              <p>{text.cardRefused.nothing}</p>
            </>
          }
          actions={<OrderLink id={id}>{text.declined.other}</OrderLink>}
        />
      );
    case "needs-card":
    case "expired":
      return <Expired accountId={accountId} found={found} locale={locale} text={text} />;
    case "refunded":
      return <Refunded text={text} />;
    default:
      return progress satisfies never;
  }
}

async function Done({
  accountId,
  found: { checkout, plan },
  locale,
  text,
}: Face & { accountId: string; found: CheckoutDetails }) {
  const stored = await findSubscriptionOfCheckout(accountId, checkout.id);
  const payments = await listPayments(accountId);
  const payment = payments.findLast(
    ({ invoice }) =>
      invoice.checkoutId === checkout.id ||
      (stored && invoice.subscriptionId === stored.subscription.id),
  );
  const name = plan.name[locale];
  const isOver = stored?.subscription.status === "ended";
  const hasConsent =
    stored !== null &&
    (await listConsentsOf(stored.subscription.id)).some((consent) =>
      isConsentFor(stored.subscription, consent),
    );
  if (checkout.trialDays > 0 && stored) {
    return (
      <Outcome
        tone="good"
        title={text.trial.title(checkout.trialDays)}
        body={<p>{isOver ? text.done.bodyEnded : text.trial.body}</p>}
        actions={
          <LinkButton href="/account" reload>
            {text.done.account}
          </LinkButton>
        }
      >
        <TrialReceipt
          name={name}
          checkout={checkout}
          subscription={stored.subscription}
          asksConsent={needsConsent(stored.subscription) && !hasConsent}
          locale={locale}
          text={text}
        />
      </Outcome>
    );
  }
  return (
    <Outcome
      tone="good"
      title={text.done.title(formatWon(checkout.amountWon, locale))}
      body={<p>{doneWords(stored ? { name, isOver } : null, text)}</p>}
      actions={
        stored ? (
          <>
            <LinkButton href="/account/payments" reload>
              {text.done.payments}
            </LinkButton>
            <LinkButton href="/account" reload variant="primary">
              {text.done.account}
            </LinkButton>
          </>
        ) : (
          <LinkButton href="/account/payments" reload variant="primary">
            {text.done.payments}
          </LinkButton>
        )
      }
    >
      {payment ? (
        <PaidReceipt
          name={name}
          payment={payment}
          next={
            stored && {
              on: nextChargeOn(stored.subscription, stored.nextActionAt, hasConsent),
              amountWon: nextTotalWon(stored.subscription),
            }
          }
          locale={locale}
          text={text}
        />
      ) : null}
    </Outcome>
  );
}

/** The page can be opened again long after the order: it says how things stand now. */
function doneWords(
  subscription: { readonly name: string; readonly isOver: boolean } | null,
  { done }: CheckoutText,
): string {
  if (!subscription) return done.bodyOnce;
  return subscription.isOver ? done.bodyEnded : done.body(subscription.name);
}

function Declined({
  found: { checkout, price, plan },
  reason,
  mayRetry,
  endpoint,
  locale,
  text,
}: Face & { found: CheckoutDetails; reason: string; mayRetry: boolean; endpoint: string }) {
  return (
    <Outcome
      tone="bad"
      title={text.declined.title}
      body={
        <>
          <p>{text.declined.body(reason, formatWon(price.amountWon, locale))}</p>
          <p>{text.declined.nothing}</p>
        </>
      }
      actions={
        plan.kind === "one-time" ? (
          <OrderLink id={checkout.id}>{text.declined.again}</OrderLink>
        ) : (
          <>
            {mayRetry ? (
              <RetryCard
                endpoint={endpoint}
                text={{ retry: text.declined.retry, retrying: text.declined.retrying }}
              />
            ) : null}
            <OrderLink id={checkout.id}>{text.declined.other}</OrderLink>
          </>
        )
      }
    />
  );
}

function OrderLink({ id, children }: { id: string; children: string }) {
  return (
    <LinkButton href={`/checkout/${id}`} reload variant="primary" wide>
      {children}
    </LinkButton>
  );
}

/** Names the plan that runs instead: of two orders that are finished at once, only one becomes a subscription. */
async function Expired({
  accountId,
  found: { checkout, plan },
  locale,
  text: { expired, done },
}: Face & { accountId: string; found: CheckoutDetails }) {
  const stored = await findLatestSubscription(accountId, plan.product);
  const isRunning =
    stored !== null &&
    stored.subscription.checkoutId !== checkout.id &&
    holdsProduct(stored.subscription);
  if (isRunning) {
    const running = stored.planName[locale];
    return (
      <Outcome
        tone="calm"
        title={expired.running.title(running)}
        body={<p>{expired.running.body(plan.name[locale])}</p>}
        actions={
          <LinkButton href="/account" reload variant="primary">
            {done.account}
          </LinkButton>
        }
      />
    );
  }
  return (
    <Outcome
      tone="calm"
      title={expired.title}
      body={<p>{expired.body}</p>}
      actions={
        <>
          <LinkButton href="/account" reload>
            {expired.account}
          </LinkButton>
          <LinkButton href="/pricing" variant="primary">
            {expired.pricing}
          </LinkButton>
        </>
      }
    />
  );
}

function Refunded({ text }: { text: CheckoutText }) {
  return (
    <Outcome
      tone="calm"
      title={text.refunded.title}
      body={<p>{text.refunded.body}</p>}
      actions={
        <>
          <LinkButton href="/pricing">{text.expired.pricing}</LinkButton>
          <LinkButton href="/account/payments" reload variant="primary">
            {text.done.payments}
          </LinkButton>
        </>
      }
    />
  );
}
