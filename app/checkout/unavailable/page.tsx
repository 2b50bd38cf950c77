import type { Metadata } from "next";
import { Outcome } from "@/components/billing/outcome";
import { checkoutText, isUnavailableReason } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].unavailable.title };
}

/** Why no order was made. */
export default async function CheckoutUnavailablePage({
  searchParams,
}: PageProps<"/checkout/unavailable">) {
  const { reason } = await searchParams;
  const text = checkoutText[await findLocale()];
  const known =
    typeof reason === "string" && isUnavailableReason(reason) ? reason : "unknown-price";
  return (
    <Outcome
      tone="calm"
      title={text.unavailable.title}
      body={
        <>
          <p>{text.unavailable.reasons[known]}</p>
          <p>{text.nothingPaid}</p>
        </>
      }
      actions={
        <LinkButton href="/pricing" variant="primary">
          {text.unavailable.pricing}
        </LinkButton>
      }
    />
  );
}
