import type { Metadata, Route } from "next";
import { notFound, redirect } from "next/navigation";
import { OnlyPayers } from "@/app/account/only-payers";
import { Outcome } from "@/components/billing/outcome";
import { checkoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { findCheckoutProgress } from "@/db/checkout";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { isUnpaid } from "@/lib/billing/checkout/checkout";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].canceled.title };
}

export default async function CheckoutCanceledPage({
  params,
}: PageProps<"/checkout/[id]/canceled">) {
  const { id } = await params;
  const person = await requireSignedIn(`/checkout/${id}/canceled`);
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const progress = await findCheckoutProgress(accountId, id);
  if (!progress) notFound();
  if (!isUnpaid(progress)) redirect(`/checkout/${id}/result` as Route);
  const text = checkoutText[await findLocale()].canceled;
  return (
    <Outcome
      tone="calm"
      title={text.title}
      body={<p>{text.body}</p>}
      actions={
        <>
          <LinkButton href="/pricing">{text.pricing}</LinkButton>
          <LinkButton href={`/checkout/${id}`} reload variant="primary">
            {text.again}
          </LinkButton>
        </>
      }
    />
  );
}
