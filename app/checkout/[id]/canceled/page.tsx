import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Outcome } from "@/components/billing/outcome";
import { checkoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { findCheckout } from "@/db/checkouts";
import { findLocale } from "@/lib/locale";
import { requireCustomer } from "@/lib/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].canceled.title };
}

export default async function CheckoutCanceledPage({
  params,
}: PageProps<"/checkout/[id]/canceled">) {
  const { id } = await params;
  const { customerId } = await requireCustomer(`/checkout/${id}/canceled`);
  if (!(await findCheckout(customerId, id))) notFound();
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
