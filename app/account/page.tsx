import type { Metadata, Route } from "next";
import { cookies } from "next/headers";
import { Suspense } from "react";
import { undoCancelAction } from "@/app/account/actions";
import { AccountSkeleton } from "@/components/billing/skeletons";
import { SubscriptionCard } from "@/components/billing/subscription-card";
import { nearOrLong, viewOf } from "@/components/billing/subscription-view";
import { type AccountText, accountText } from "@/components/text/account";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { listConsentsOf } from "@/db/consents";
import { listPayments } from "@/db/invoices";
import { findCardFace } from "@/db/payment-methods";
import { findLatestSubscription, type StoredSubscription } from "@/db/subscriptions";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { isConsentFor, isInConsentWindow, needsConsent } from "@/lib/billing/consent";
import { formatWon } from "@/lib/billing/money";
import { isRefusal, nextPeriod, type Subscription, undoCancel } from "@/lib/billing/subscription";
import { deps } from "@/lib/deps";
import { findLocale, type Locale } from "@/lib/locale";
import { requireCustomer } from "@/lib/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].title };
}

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const { customerId } = await requireCustomer("/account");
  const { notice } = await searchParams;
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <h1 className="sr-only">{text.title}</h1>
      {typeof notice === "string" && isNotice(notice) ? (
        <Notice
          tone={notice === "not-consented" || notice === "already-subscribed" ? "info" : "good"}
          title={text.notices[notice].title}
          live
        >
          {text.notices[notice].body}
        </Notice>
      ) : null}
      <Suspense fallback={<AccountSkeleton />}>
        <CurrentSubscription customerId={customerId} locale={locale} text={text} />
      </Suspense>
    </div>
  );
}

type Face = { readonly locale: Locale; readonly text: AccountText };

async function CurrentSubscription({ customerId, locale, text }: Face & { customerId: string }) {
  const stored = await findLatestSubscription(customerId, "workspace");
  if (!stored) return <NoSubscription text={text} />;
  const { subscription, planName } = stored;
  const now = deps().clock.now();
  const today = seoulDayOf(now);
  const [consents, card, [newest]] = await Promise.all([
    listConsentsOf(subscription.id),
    subscription.paymentMethodId ? findCardFace(customerId, subscription.paymentMethodId) : null,
    listPayments(customerId, 1),
  ]);
  const hasConsent = consents.some((consent) => isConsentFor(subscription, consent));
  const view = viewOf(
    {
      subscription,
      today,
      hasConsent,
      hasCard: card !== null,
      nextActionAt: stored.nextActionAt,
      declineCode: newest?.charge?.declineCode ?? null,
    },
    text,
    locale,
  );
  const changesOn = nextPeriod(subscription).startsOn;
  const canConsent = needsConsent(subscription) && !hasConsent && isInConsentWindow(changesOn, now);
  const hasAnswered = (await cookies()).get("consent-declined")?.value === subscription.id;
  return (
    <>
      {canConsent && !hasAnswered ? (
        <Notice tone="warning" title={text.consent.prompt}>
          <p className="mb-3">
            {text.consent.promptBody(
              nearOrLong(changesOn, today, locale),
              formatWon(subscription.amountWon, locale),
            )}
          </p>
          <LinkButton href="/account/consent">{text.consent.look}</LinkButton>
        </Notice>
      ) : null}
      <SubscriptionCard
        view={view}
        subscription={subscription}
        nextActionAt={stored.nextActionAt}
        planName={planName[locale]}
        card={card}
        hasConsent={hasConsent}
        locale={locale}
        text={text}
      >
        <Actions stored={stored} today={today} hasCard={card !== null} text={text} />
      </SubscriptionCard>
      {canConsent && hasAnswered ? (
        <p>
          <LinkButton href="/account/consent" variant="quiet">
            {text.consent.later}
          </LinkButton>
        </p>
      ) : null}
    </>
  );
}

/** All that can be done, as buttons of one size and colour. */
function Actions({
  stored: { subscription },
  today,
  hasCard,
  text,
}: {
  stored: StoredSubscription;
  today: CalendarDate;
  hasCard: boolean;
  text: AccountText;
}) {
  const { actions } = text;
  if (subscription.status === "ended") {
    return (
      <>
        <li>
          <LinkButton href="/pricing">{actions.startAgain}</LinkButton>
        </li>
        <li>
          <LinkButton href="/account/payments">{actions.payments}</LinkButton>
        </li>
      </>
    );
  }
  return (
    <>
      {subscription.status === "incomplete" ? (
        <li>
          <LinkButton href={`/checkout/${subscription.checkoutId}/result`} reload>
            {actions.resume}
          </LinkButton>
        </li>
      ) : (
        <li>
          <LinkButton href="/account/card" reload>
            {hasCard ? actions.card : actions.addCard}
          </LinkButton>
        </li>
      )}
      <li>
        <LinkButton href="/pricing">{actions.plans}</LinkButton>
      </li>
      <li>
        <LinkButton href="/account/payments">{actions.payments}</LinkButton>
      </li>
      {canUndo(subscription, today) ? (
        <li>
          <ActionForm action={undoCancelAction}>
            <input type="hidden" name="subscriptionId" value={subscription.id} />
            <SubmitButton variant="secondary" wide pending={actions.undoing}>
              {actions.undo}
            </SubmitButton>
          </ActionForm>
        </li>
      ) : null}
      {isCanceled(subscription) ? null : (
        <li>
          <LinkButton href="/account/cancel">{actions.cancel}</LinkButton>
        </li>
      )}
    </>
  );
}

function canUndo(subscription: Subscription, today: CalendarDate): boolean {
  return !isRefusal(undoCancel(subscription, today));
}

function isCanceled(subscription: Subscription): boolean {
  return "cancelsOn" in subscription && subscription.cancelsOn !== null;
}

function NoSubscription({ text: { empty } }: { text: AccountText }) {
  return (
    <Card labelledBy="no-subscription">
      <div className="grid justify-items-start gap-3">
        <h2 id="no-subscription" className="text-xl">
          {empty.title}
        </h2>
        <p className="text-muted">{empty.body}</p>
        <div className="mt-3">
          <LinkButton href={"/pricing" as Route} variant="primary">
            {empty.plans}
          </LinkButton>
        </div>
      </div>
    </Card>
  );
}

function isNotice(notice: string): notice is keyof AccountText["notices"] {
  return Object.hasOwn(accountText.ko.notices, notice);
}
