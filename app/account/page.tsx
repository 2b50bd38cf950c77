import type { Metadata, Route } from "next";
import { cookies } from "next/headers";
import { payOverdueAction, undoCancelAction } from "@/app/account/actions";
import { addressOf } from "@/app/account/contract";
import { CONSENT_DECLINED, readDeclined } from "@/app/account/declined";
import { UsedPlans } from "@/app/account/used-plans";
import { SubscriptionCard } from "@/components/billing/subscription-card";
import { nearOrLong, viewOf } from "@/components/billing/subscription-view";
import { type AccountText, accountText } from "@/components/text/account";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { findCardFace } from "@/db/card";
import { findLatestChargeOfSubscription } from "@/db/charge";
import { listConsentsOf } from "@/db/consent";
import { findCredit } from "@/db/credit";
import { listPayments } from "@/db/invoice";
import { listLatestSubscriptions, type StoredSubscription } from "@/db/subscription";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { type MemberRole, mayAs } from "@/lib/billing/account/member";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { isOpen } from "@/lib/billing/charge/charge";
import { isInConsentWindow, needsConsent } from "@/lib/billing/consent/consent";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { formatWon, type Won } from "@/lib/billing/money";
import { askedNext } from "@/lib/billing/renewal/renewal";
import { type NextStep, nextStep } from "@/lib/billing/subscription/next-step";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import {
  isRefusal,
  nextPeriod,
  type Subscription,
  uncancel,
} from "@/lib/billing/subscription/subscription";
import { findLocale, type Locale } from "@/lib/http/locale";

/** Paying what is overdue is done while the customer waits, and may take Toss a minute. */
export const maxDuration = 300;

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].title };
}

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const { accountId, memberRole } = await requireSignedIn("/account");
  const { notice } = await searchParams;
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <h1 className="sr-only">{text.title}</h1>
      {typeof notice === "string" && isNotice(notice) ? (
        <Callout
          tone={notice === "not-consented" || notice === "already-subscribed" ? "info" : "good"}
          title={text.notices[notice].title}
          live
        >
          {text.notices[notice].body}
        </Callout>
      ) : null}
      <Contracts accountId={accountId} memberRole={memberRole} locale={locale} text={text} />
    </div>
  );
}

type Face = { readonly locale: Locale; readonly text: AccountText };

/** The newest contract of each product; to a plain member what may be used, and nothing of money. */
async function Contracts({
  accountId,
  memberRole,
  locale,
  text,
}: Face & { accountId: string; memberRole: MemberRole }) {
  const contracts = await listLatestSubscriptions(accountId);
  if (!mayAs(memberRole, "pay"))
    return <UsedPlans accountId={accountId} contracts={contracts} locale={locale} />;
  if (contracts.length === 0) {
    const payments = await listPayments(accountId);
    const hasPaid = payments.some(({ invoice }) => invoice.status === "paid");
    return hasPaid ? <OnlyBought text={text} /> : <NoSubscription text={text} />;
  }
  return contracts.map((stored) => (
    <Contract
      key={stored.subscription.id}
      stored={stored}
      isOneOfSeveral={contracts.length > 1}
      locale={locale}
      text={text}
    />
  ));
}

type Shown = { readonly stored: StoredSubscription; readonly isOneOfSeveral: boolean };

async function Contract({ stored, isOneOfSeveral, locale, text }: Face & Shown) {
  const { subscription, planName, hasStarted } = stored;
  const { accountId } = subscription;
  const now = deps().clock.now();
  const today = seoulDayOf(now);
  const [credit, consents, card, attempt] = await Promise.all([
    findCredit(accountId),
    listConsentsOf(subscription.id),
    subscription.paymentMethodId ? findCardFace(accountId, subscription.paymentMethodId) : null,
    findLatestChargeOfSubscription(subscription.id),
  ]);
  const hasConsent = consents.some((consent) => isConsentFor(subscription, consent));
  const hasCard = card !== null;
  const isCharging = isOpen(attempt);
  const { minimumWon } = deps().gateway.capabilities;
  const asked = askedNext(subscription, attempt, { credit, minimumWon });
  const view = viewOf(
    {
      ...{ subscription, today, hasConsent, hasStarted, hasCard, isCharging, asked },
      nextActionAt: stored.nextActionAt,
      declineReason: attempt?.declineReason ?? null,
    },
    locale,
  );
  const changesOn = nextPeriod(subscription).startsOn;
  const canConsent = needsConsent(subscription) && !hasConsent && isInConsentWindow(changesOn, now);
  const declined = readDeclined((await cookies()).get(CONSENT_DECLINED)?.value);
  const hasAnswered = declined.includes(subscription.id);
  const at = (path: string) => addressOf(path, subscription.id, isOneOfSeveral);
  const step = nextStep({
    ...{ subscription, now, isCharging, hasCard },
    awaitsConsent: canConsent && !hasAnswered,
  });
  return (
    <>
      {step === "decide-consent" ? (
        <Callout tone="warning" title={text.consent.prompt}>
          <p className="mb-3">
            {text.consent.promptBody(
              nearOrLong(changesOn, today, locale),
              formatWon(nextTotalWon(subscription), locale),
            )}
          </p>
          <LinkButton href={at("/account/consent") as Route} variant="primary">
            {text.consent.look}
          </LinkButton>
        </Callout>
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
        next={
          step === null || step === "decide-consent" ? null : (
            <Next
              step={step}
              subscription={subscription}
              at={at}
              attemptId={attempt?.id ?? ""}
              askedWon={asked.dueWon}
              locale={locale}
              text={text}
            />
          )
        }
      >
        <Actions
          subscription={subscription}
          at={at}
          today={today}
          step={step}
          hasCard={hasCard}
          text={text}
        />
      </SubscriptionCard>
      {canConsent && hasAnswered ? (
        <p>
          <LinkButton href={at("/account/consent") as Route} variant="quiet">
            {text.consent.later}
          </LinkButton>
        </p>
      ) : null}
    </>
  );
}

/** The one thing asked of the holder now, as the page's only primary button. */
function Next({
  step,
  subscription,
  at,
  attemptId,
  askedWon,
  locale,
  text: { actions },
}: Face & {
  askedWon: Won;
  step: Exclude<NextStep, "decide-consent">;
  subscription: Subscription;
  at: (path: string) => string;
  attemptId: string;
}) {
  const won = formatWon(askedWon, locale);
  switch (step) {
    case "finish-order":
    case "watch-order":
      return (
        <LinkButton href={`/checkout/${subscription.checkoutId}/result`} reload variant="primary">
          {step === "finish-order" ? actions.resume : actions.watch}
        </LinkButton>
      );
    case "add-card":
    case "use-other-card":
      return (
        <LinkButton href={at("/account/card")} reload variant="primary">
          {step === "add-card" ? actions.addCard : actions.payWithOther(won)}
        </LinkButton>
      );
    case "pay-now":
      return (
        <ActionForm action={payOverdueAction}>
          <input type="hidden" name="subscriptionId" value={subscription.id} />
          <input type="hidden" name="afterChargeId" value={attemptId} />
          <SubmitButton wide pending={actions.paying}>
            {actions.payNow(won)}
          </SubmitButton>
        </ActionForm>
      );
    case "pay-later":
      return <Callout tone="info">{actions.payLater}</Callout>;
    case "start-again":
      return (
        <LinkButton href="/pricing" variant="primary">
          {actions.startAgain}
        </LinkButton>
      );
    default:
      return step satisfies never;
  }
}

/** All else that can be done, as buttons of one size and colour. */
function Actions({
  subscription,
  at,
  today,
  step,
  hasCard,
  text: { actions },
}: {
  subscription: Subscription;
  /** Where something is done to this contract. */
  at: (path: string) => string;
  today: CalendarDate;
  step: NextStep | null;
  hasCard: boolean;
  text: AccountText;
}) {
  const isOrder = subscription.status === "incomplete";
  const isOver = subscription.status === "ended";
  const isCardNext = step === "add-card" || step === "use-other-card";
  return (
    <>
      {isOrder || isOver || isCardNext ? null : (
        <li>
          <LinkButton href={at("/account/card")} reload>
            {hasCard ? actions.card : actions.addCard}
          </LinkButton>
        </li>
      )}
      {isOver ? null : (
        <li>
          <LinkButton href="/pricing">{actions.plans}</LinkButton>
        </li>
      )}
      <li>
        <LinkButton href={at("/account/payments") as Route}>{actions.payments}</LinkButton>
      </li>
      {isRefusal(uncancel(subscription, today)) ? null : (
        <li>
          <ActionForm action={undoCancelAction}>
            <input type="hidden" name="subscriptionId" value={subscription.id} />
            <SubmitButton variant="secondary" wide pending={actions.undoing}>
              {actions.undo}
            </SubmitButton>
          </ActionForm>
        </li>
      )}
      {isOver || subscription.cancelsOn !== null ? null : (
        <li>
          <LinkButton href={at("/account/cancel") as Route}>
            {isOrder ? actions.cancelOrder : actions.cancel}
          </LinkButton>
        </li>
      )}
    </>
  );
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

/** For somebody who bought something once and never subscribed. */
function OnlyBought({ text: { onlyBought, empty } }: { text: AccountText }) {
  return (
    <Card labelledBy="only-bought">
      <div className="grid justify-items-start gap-3">
        <h2 id="only-bought" className="text-xl">
          {onlyBought.title}
        </h2>
        <p className="text-muted">{onlyBought.body}</p>
        <div className="mt-3 flex flex-wrap gap-3">
          <LinkButton href="/account/payments" variant="primary">
            {onlyBought.payments}
          </LinkButton>
          <LinkButton href="/pricing">{empty.plans}</LinkButton>
        </div>
      </div>
    </Card>
  );
}

function isNotice(notice: string): notice is keyof AccountText["notices"] {
  return Object.hasOwn(accountText.ko.notices, notice);
}
