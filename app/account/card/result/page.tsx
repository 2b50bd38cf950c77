import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { type CardOutcome, findCardOutcome } from "@/app/account/card/outcome";
import { OnlyPayers } from "@/app/account/only-payers";
import { Checking } from "@/components/billing/checking";
import { Outcome } from "@/components/billing/outcome";
import { type AccountText, accountText } from "@/components/text/account";
import { LinkButton } from "@/components/ui/button";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { cardLabel } from "@/lib/billing/card/card";
import { declineWords } from "@/lib/billing/message/message";
import { formatWon } from "@/lib/billing/money";
import { findLocale, type Locale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].cardResult.title };
}

export default async function CardResultPage({ searchParams }: PageProps<"/account/card/result">) {
  const { registration } = await searchParams;
  const id = typeof registration === "string" ? registration : "";
  const person = await requireSignedIn(`/account/card/result?registration=${id}`);
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const outcome = await findCardOutcome(accountId, id);
  if (!outcome) notFound();
  const locale = await findLocale();
  const text = accountText[locale].cardResult;
  return (
    <div aria-live="polite">
      {outcome.kind === "checking" ? (
        <Checking
          endpoint={`/api/account/card/${id}`}
          later={{ href: "/account", label: text.account }}
          text={text.checking}
        />
      ) : (
        <Settled outcome={outcome} locale={locale} text={text} />
      )}
    </div>
  );
}

function Settled({
  outcome,
  locale,
  text,
}: {
  outcome: Exclude<CardOutcome, { kind: "checking" }>;
  locale: Locale;
  text: AccountText["cardResult"];
}) {
  const account = (
    <LinkButton href="/account" reload>
      {text.account}
    </LinkButton>
  );
  const again = (
    <>
      {account}
      <LinkButton href="/account/card" reload variant="primary">
        {text.other}
      </LinkButton>
    </>
  );
  switch (outcome.kind) {
    case "replaced":
      return said(
        "good",
        { title: text.replaced.title, body: text.replaced.body(cardLabel(outcome.card, locale)) },
        account,
      );
    case "paid":
      return said(
        "good",
        {
          title: text.paid.title(formatWon(outcome.amountWon, locale)),
          body: text.paid.body(cardLabel(outcome.card, locale)),
        },
        account,
      );
    case "declined":
      return said(
        "bad",
        {
          title: text.declined.title,
          body: text.declined.body(
            declineWords(outcome.reason, locale),
            formatWon(outcome.amountWon, locale),
          ),
        },
        again,
      );
    case "refused":
      return said(
        "bad",
        {
          title: text.refused.title,
          body: text.refused.body(declineWords(outcome.reason, locale)),
        },
        again,
      );
    case "unused":
      return said("calm", text.unused, account);
    default:
      return outcome satisfies never;
  }
}

function said(
  tone: "good" | "bad" | "calm",
  { title, body }: { readonly title: string; readonly body: string },
  actions: ReactNode,
) {
  return <Outcome tone={tone} title={title} body={<p>{body}</p>} actions={actions} />;
}
