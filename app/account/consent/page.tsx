import type { Metadata } from "next";
import { consentAction } from "@/app/account/actions";
import { ChooseContract } from "@/app/account/choose-contract";
import { findContract } from "@/app/account/contract";
import { OnlyPayers } from "@/app/account/only-payers";
import { Outcome } from "@/components/billing/outcome";
import { type AccountText, accountText } from "@/components/text/account";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Day } from "@/components/ui/day";
import { Money } from "@/components/ui/money";
import { SubmitButton } from "@/components/ui/submit-button";
import { findCardFace } from "@/db/card";
import { listConsentsOf } from "@/db/consent";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { addDays } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import { consentOpensOn, isInConsentWindow, needsConsent } from "@/lib/billing/consent/consent";
import { isConsentFor } from "@/lib/billing/consent/rise";
import { formatLongDate } from "@/lib/billing/format";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { nextPeriod } from "@/lib/billing/subscription/subscription";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].consent.title };
}

/**
 * Consent to the first charge after a free trial, on a page of its own: what it cost, what it will cost, when, with
 * which card, how to cancel; and two buttons of one size (E-Commerce Act §13⑥ and §21-2).
 */
export default async function ConsentPage({ searchParams }: PageProps<"/account/consent">) {
  const person = await requireSignedIn("/account/consent");
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const found = await findContract(accountId, (await searchParams).subscription);
  const locale = await findLocale();
  const text = accountText[locale].consent;
  if (found.kind === "several")
    return (
      <ChooseContract title={text.title} contracts={found.contracts} path="/account/consent" />
    );
  const stored = found.kind === "one" ? found.stored : null;
  const subscription = stored?.subscription;
  const isAsked = subscription !== undefined && needsConsent(subscription);
  const consents = isAsked ? await listConsentsOf(subscription.id) : [];
  if (!stored || !isAsked || consents.some((consent) => isConsentFor(subscription, consent)))
    return <NothingToAgree text={accountText[locale]}>{text.notNeeded}</NothingToAgree>;
  const changesOn = nextPeriod(subscription).startsOn;
  const now = deps().clock.now();
  const opensOn = consentOpensOn(changesOn, now);
  if (opensOn || !isInConsentWindow(changesOn, now)) {
    return (
      <NothingToAgree text={accountText[locale]}>
        {opensOn ? text.tooEarly(formatLongDate(opensOn, locale)) : text.tooLate}
      </NothingToAgree>
    );
  }
  const { paymentMethodId } = subscription;
  const { interval } = subscription.terms;
  const amountWon = nextTotalWon(subscription);
  const card = paymentMethodId ? await findCardFace(accountId, paymentMethodId) : null;
  return (
    <div className="grid gap-6">
      <header className="grid gap-2">
        <h1 className="text-xl">{text.title}</h1>
        <p className="text-muted">{text.lead}</p>
      </header>
      <section
        aria-label={stored.planName[locale]}
        className="overflow-hidden rounded-card border border-line bg-surface"
      >
        <div className="grid gap-6 p-6 sm:grid-cols-2 sm:p-8">
          <p className="grid gap-1">
            <span className="text-muted text-sm">{text.from}</span>
            <Money won={0} locale={locale} size="xl" />
          </p>
          <p className="grid gap-1">
            <span className="text-muted text-sm">
              {text.to} · {accountText[locale].per[interval]} ({accountText[locale].vat})
            </span>
            <Money won={amountWon} locale={locale} size="xl" />
          </p>
        </div>
        <dl className="grid gap-x-4 gap-y-1 border-line border-t p-6 text-sm sm:grid-cols-[8rem_1fr] sm:px-8 [&_dd]:mb-3 [&_dt]:text-muted">
          <dt>{text.on}</dt>
          <dd className="font-semibold">
            <Day on={changesOn} locale={locale} />
          </dd>
          <dt>{text.card}</dt>
          <dd>{card ? cardLabel(card, locale) : accountText[locale].facts.noCard}</dd>
          <dt>{text.how}</dt>
          <dd>{text.howBody}</dd>
          <dt>{text.effect}</dt>
          <dd>{text.effectBody}</dd>
          <dt>{text.ifNot}</dt>
          <dd>{text.ifNotBody(formatLongDate(addDays(changesOn, -1), locale))}</dd>
        </dl>
        <div className="border-line border-t p-6 sm:px-8">
          <ActionForm action={consentAction}>
            <input type="hidden" name="subscriptionId" value={subscription.id} />
            <div className="grid gap-3 sm:grid-cols-2">
              <SubmitButton
                name="answer"
                value="decline"
                variant="secondary"
                wide
                pending={text.declining}
              >
                {text.decline}
              </SubmitButton>
              <SubmitButton
                name="answer"
                value="agree"
                variant="secondary"
                wide
                pending={text.agreeing}
              >
                {text.agree}
              </SubmitButton>
            </div>
          </ActionForm>
        </div>
      </section>
    </div>
  );
}

function NothingToAgree({ text, children }: { text: AccountText; children: string }) {
  return (
    <Outcome
      tone="calm"
      title={text.consent.notNeededTitle}
      body={<p>{children}</p>}
      actions={<LinkButton href="/account">{text.cancel.keep}</LinkButton>}
    />
  );
}
