import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Outcome } from "@/components/billing/outcome";
import { checkoutText, isWindowFailure } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { findCheckout } from "@/db/checkouts";
import { findLocale } from "@/lib/locale";
import { requireCustomer } from "@/lib/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].failed.title };
}

/** Why what came back from the window was not used, in our own words. */
export default async function CheckoutFailedPage({
  params,
  searchParams,
}: PageProps<"/checkout/[id]/failed">) {
  const { id } = await params;
  const { customerId } = await requireCustomer(`/checkout/${id}/failed`);
  if (!(await findCheckout(customerId, id))) notFound();
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
