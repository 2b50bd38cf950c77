import type { Metadata, Route } from "next";
import { notFound, redirect } from "next/navigation";
import { OnlyPayers } from "@/app/account/only-payers";
import { Outcome } from "@/components/billing/outcome";
import { checkoutText, isWindowFailure } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { findCheckoutProgress } from "@/db/checkout";
import { requireSignedIn } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { isUnpaid } from "@/lib/billing/checkout/checkout";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].failed.title };
}

/** Why what came back from the window was not used, in our own words. */
export default async function CheckoutFailedPage({
  params,
  searchParams,
}: PageProps<"/checkout/[id]/failed">) {
  const { id } = await params;
  const person = await requireSignedIn(`/checkout/${id}/failed`);
  if (!mayAs(person.memberRole, "pay")) return <OnlyPayers accountId={person.accountId} />;
  const { accountId } = person;
  const progress = await findCheckoutProgress(accountId, id);
  if (!progress) notFound();
  if (!isUnpaid(progress)) redirect(`/checkout/${id}/result` as Route);
  const { reason } = await searchParams;
  const text = checkoutText[await findLocale()];
  const known = typeof reason === "string" && isWindowFailure(reason) ? reason : "window-failed";
  return (
    <Outcome
      tone="bad"
      title={text.failed.title}
      body={<p>{text.failed.reasons[known]}</p>}
      actions={
        <>
          <LinkButton href="/account" reload>
            {text.failed.account}
          </LinkButton>
          <LinkButton href={`/checkout/${id}`} reload variant="primary">
            {text.failed.again}
          </LinkButton>
        </>
      }
    />
  );
}
