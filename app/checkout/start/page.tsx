import type { Metadata } from "next";
import { StartOrder } from "@/components/billing/start-order";
import { checkoutText } from "@/components/text/checkout";
import { findLocale } from "@/lib/locale";
import { requireCustomer } from "@/lib/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].start.title };
}

/** Goes on to the order of a price that was chosen before signing in. Looking at the page makes nothing. */
export default async function StartCheckoutPage({ searchParams }: PageProps<"/checkout/start">) {
  const { priceId } = await searchParams;
  const chosen = typeof priceId === "string" ? priceId : "";
  await requireCustomer(`/checkout/start?${new URLSearchParams({ priceId: chosen })}`);
  return <StartOrder priceId={chosen} text={checkoutText[await findLocale()].start} />;
}
