import { CalendarX2, Undo2, Wallet } from "lucide-react";
import type { Metadata } from "next";
import { cancelAction } from "@/app/account/actions";
import { ChooseContract } from "@/app/account/choose-contract";
import { findContract } from "@/app/account/contract";
import { OnlyPayers } from "@/app/account/only-payers";
import { cancelWordsFor } from "@/components/billing/cancel-words";
import { Outcome } from "@/components/billing/outcome";
import { nearOrLong } from "@/components/billing/subscription-view";
import { accountText } from "@/components/text/account";
import { ActionForm } from "@/components/ui/action-form";
import { LinkButton } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Money } from "@/components/ui/money";
import { SubmitButton } from "@/components/ui/submit-button";
import { type Charge, findLatestChargeOfSubscription } from "@/db/charge";
import type { StoredSubscription } from "@/db/subscription";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { isUnderWay } from "@/lib/billing/charge/charge";
import { WORD_JOINER } from "@/lib/billing/format";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import { findLocale, type Locale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].cancel.title };
}

/** What cancelling does, with its day and its refund, and one button that does it. */
export default async function CancelPage({ searchParams }: PageProps<"/account/cancel">) {
  const person = await requireSignedIn("/account/cancel");
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const found = await findContract(accountId, (await searchParams).subscription);
  const locale = await findLocale();
  const text = accountText[locale];
  if (found.kind === "several")
    return (
      <ChooseContract
        title={text.cancel.title}
        contracts={found.contracts}
        path="/account/cancel"
      />
    );
  const stored = found.kind === "one" ? found.stored : null;
  const today = seoulDayOf(deps().clock.now());
  const attempt = stored && (await findLatestChargeOfSubscription(stored.subscription.id));
  const words = stored && cancelWordsFor(factsOf(stored.subscription, attempt, today), locale);
  if (!stored || !words) {
    return <NothingToCancel stored={stored} today={today} locale={locale} />;
  }
  const isOrder = stored.subscription.status === "incomplete";
  const { title, lead, canceling } = isOrder ? text.cancel.order : text.cancel;
  const seller = env();
  return (
    <div className="grid gap-6">
      <header className="grid gap-2">
        <h1 className="text-xl">{title}</h1>
        <p className="text-muted">{lead}</p>
      </header>
      <section
        aria-labelledby="what"
        className="grid gap-5 rounded-card border border-line bg-surface p-6 sm:p-8"
      >
        <h2 id="what" className="text-lg">
          {stored.planName[locale]} · {words.title}
        </h2>
        <ul className="grid gap-3">
          <Effect Icon={CalendarX2}>{words.use}</Effect>
          <Effect Icon={Wallet}>{words.noMore}</Effect>
          <Effect Icon={Undo2}>{words.undo}</Effect>
        </ul>
        {isOrder ? null : (
          <p className="flex items-baseline justify-between border-line border-t pt-5">
            <span className="text-muted text-sm">{text.cancel.refund}</span>
            <Money won={0} locale={locale} size="lg" />
          </p>
        )}
        <ActionForm action={cancelAction}>
          <input type="hidden" name="subscriptionId" value={stored.subscription.id} />
          <div className="grid gap-3 sm:grid-cols-2">
            <LinkButton href="/account" wide>
              {text.cancel.keep}
            </LinkButton>
            <SubmitButton variant="secondary" wide pending={canceling}>
              {words.button}
            </SubmitButton>
          </div>
        </ActionForm>
      </section>
      {stored.subscription.status === "active" ? (
        <section
          aria-labelledby="early"
          className="grid gap-2 rounded-card border border-line bg-surface p-6 sm:p-8"
        >
          <h2 id="early" className="text-lg">
            {text.cancel.early.title}
          </h2>
          <p>
            {text.cancel.early.body(
              seller.BUSINESS_EMAIL ?? "",
              unbrokenPhone(seller.BUSINESS_PHONE ?? ""),
            )}
          </p>
          <p>
            <Link
              href="/refund"
              className="inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
            >
              {text.cancel.early.link}
            </Link>
          </p>
        </section>
      ) : null}
    </div>
  );
}

/** Keeps a phone number on one line. */
function unbrokenPhone(phone: string): string {
  return phone.replaceAll("-", `${WORD_JOINER}-${WORD_JOINER}`);
}

function Effect({ Icon, children }: { Icon: typeof Wallet; children: string }) {
  return (
    <li className="flex items-start gap-3">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />
      {children}
    </li>
  );
}

/** Why there is nothing to press, and where to look instead: it may have been cancelled a moment ago. */
function NothingToCancel({
  stored,
  today,
  locale,
}: {
  stored: StoredSubscription | null;
  today: CalendarDate;
  locale: Locale;
}) {
  const { title, body } = nothingWords(stored, today, locale);
  return (
    <Outcome
      tone="calm"
      title={title}
      body={<p>{body}</p>}
      actions={
        <LinkButton href="/account" variant="primary">
          {accountText[locale].cancel.keep}
        </LinkButton>
      }
    />
  );
}

function nothingWords(
  stored: StoredSubscription | null,
  today: CalendarDate,
  locale: Locale,
): { title: string; body: string } {
  const text = accountText[locale].cancel;
  const { already } = text;
  if (!stored || (stored.subscription.status === "ended" && !stored.hasStarted))
    return { title: text.nothingTitle, body: text.nothing };
  const { subscription } = stored;
  if (subscription.status === "ended") return already.ended;
  const { cancelsOn } = subscription;
  if (cancelsOn === null || cancelsOn <= today) return already.checking;
  const { title, body } = already.booked;
  return { title, body: body(nearOrLong(addDays(cancelsOn, -1), today, locale)) };
}

function factsOf(
  subscription: Subscription,
  attempt: Charge | null,
  today: CalendarDate,
): Parameters<typeof cancelWordsFor>[0] {
  const askedWon = attempt?.amountWon ?? nextTotalWon(subscription);
  // What has not left for Toss is taken back by cancelling.
  return { subscription, today, isChargeAtToss: isUnderWay(attempt), askedWon };
}
