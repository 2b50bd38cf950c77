import { CreditCard } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { ChooseContract } from "@/app/account/choose-contract";
import { findContract } from "@/app/account/contract";
import { OnlyPayers } from "@/app/account/only-payers";
import { CardForm } from "@/components/billing/card-form";
import { type AccountText, accountText } from "@/components/text/account";
import { checkoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { findCardFace } from "@/db/card";
import { findLatestChargeOfSubscription } from "@/db/charge";
import { deps } from "@/deps";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { seoulDayOf } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import { isBlackout, isOpen } from "@/lib/billing/charge/charge";
import { formatTableDate } from "@/lib/billing/format";
import { formatWon, parseWon } from "@/lib/billing/money";
import { nextTotalWon } from "@/lib/billing/subscription/order";
import { findLocale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].card.title };
}

export default async function CardPage({ searchParams }: PageProps<"/account/card">) {
  const person = await requireSignedIn("/account/card");
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { notice, subscription: wanted } = await searchParams;
  const locale = await findLocale();
  const text = accountText[locale].card;
  const found = await findContract(person.accountId, wanted);
  if (found.kind === "several")
    return <ChooseContract title={text.title} contracts={found.contracts} path="/account/card" />;
  const stored = found.kind === "one" ? found.stored : null;
  const subscription = stored?.subscription;
  const cardId = subscription?.status === "ended" ? null : subscription?.paymentMethodId;
  const card = cardId ? await findCardFace(person.accountId, cardId) : null;
  const attempt =
    subscription?.status === "incomplete" || subscription?.status === "past-due"
      ? await findLatestChargeOfSubscription(subscription.id)
      : null;
  const owedWon = attempt?.amountWon ?? (subscription ? nextTotalWon(subscription) : parseWon(0));
  const isCharging = isOpen(attempt);
  const isNight = isBlackout(deps().clock.now());
  const page = `${env().APP_URL}/account/card`;
  const of = wanted === undefined ? "" : `/${subscription?.id}`;
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.title}</h1>
      {typeof notice === "string" && isNotice(notice) ? (
        <Callout
          tone={notice === "canceled" ? "info" : "bad"}
          title={text.notices[notice].title}
          live
        >
          {text.notices[notice].body}
        </Callout>
      ) : null}
      {!stored || !subscription || subscription.status === "ended" ? (
        <NothingToChange title={text.emptyTitle} body={text.empty}>
          <LinkButton href="/pricing">{text.plans}</LinkButton>
        </NothingToChange>
      ) : null}
      {subscription?.status === "incomplete" ? (
        <NothingToChange
          title={card ? cardLabel(card, locale) : text.emptyTitle}
          body={isCharging ? text.orderChecking : card ? text.orderCard : text.incomplete}
        >
          <LinkButton href={`/checkout/${subscription.checkoutId}/result`} reload>
            {isCharging ? accountText[locale].actions.watch : text.resume}
          </LinkButton>
        </NothingToChange>
      ) : null}
      {stored &&
      subscription &&
      subscription.status !== "incomplete" &&
      subscription.status !== "ended" ? (
        <section
          aria-labelledby="card"
          className="grid gap-6 rounded-card border border-line bg-surface p-6 sm:p-8"
        >
          <div className="flex items-center gap-4">
            <span className="grid size-12 shrink-0 place-items-center rounded-control bg-sunken text-muted">
              <CreditCard aria-hidden className="size-6" />
            </span>
            <div>
              <h2 id="card" className="text-muted text-sm">
                {text.current}
              </h2>
              <p className="font-semibold text-lg">
                {card ? cardLabel(card, locale) : text.emptyTitle}
              </p>
              <p className="text-muted text-xs tabular-nums">
                {card ? text.registeredOn(formatTableDate(seoulDayOf(card.createdAt))) : text.gone}
              </p>
            </div>
          </div>
          <ul className="grid list-disc gap-1 border-line border-t pt-5 pl-5 text-sm">
            {(subscription.status === "past-due"
              ? text.howPastDue(formatWon(owedWon, locale))
              : [
                  subscription.cancelsOn === null ? text.how.next : text.how.canceled,
                  ...(card ? [text.how.old] : []),
                  text.how.free,
                ]
            ).map((line) => (
              <li key={line}>{line}</li>
            ))}
            {subscription.status === "past-due" && isNight ? <li>{text.night}</li> : null}
          </ul>
          {stored.nextActionAt === null ? <Callout tone="info">{text.checking}</Callout> : null}
          <CardForm
            change={
              subscription.status === "past-due" && stored.nextActionAt !== null
                ? text.changeAndPay(formatWon(owedWon, locale))
                : card
                  ? text.change
                  : text.add
            }
            sdk={{ clientKey: env().TOSS_CLIENT_KEY, sdkUrl: env().TOSS_SDK_URL }}
            tossWindow={{
              kind: "card",
              customerKey: person.customerKey,
              customerName: person.name,
              customerEmail: person.email,
              successUrl: `${page}/return${of}`,
              failUrl: `${page}/fail${of}`,
            }}
            text={{
              opening: text.opening,
              stops: checkoutText[locale].stops,
              noScript: checkoutText[locale].noScript,
            }}
          />
        </section>
      ) : null}
    </div>
  );
}

function NothingToChange({
  title,
  body,
  children,
}: {
  title: string;
  body: string;
  children: ReactNode;
}) {
  return (
    <Card labelledBy="card">
      <div className="grid justify-items-start gap-3">
        <h2 id="card" className="text-lg">
          {title}
        </h2>
        <p className="text-muted">{body}</p>
        {children}
      </div>
    </Card>
  );
}

function isNotice(notice: string): notice is keyof AccountText["card"]["notices"] {
  return Object.hasOwn(accountText.ko.card.notices, notice);
}
