import type { Metadata } from "next";
import { cookies } from "next/headers";
import { StartOrder } from "@/components/billing/start-order";
import { checkoutText } from "@/components/text/checkout";
import { requireSignedIn } from "@/lib/auth/session";
import { CHOSEN_PRICE, pathOfChosenPrice } from "@/lib/http/chosen-price";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: checkoutText[await findLocale()].start.title };
}

/** Goes on to the order of a price that was chosen before signing in. Looking at the page makes nothing. */
export default async function StartCheckoutPage({ searchParams }: PageProps<"/checkout/start">) {
  const { priceId } = await searchParams;
  const chosen = typeof priceId === "string" ? priceId : "";
  await requireSignedIn(pathOfChosenPrice(chosen));
  const wasPressed = (await cookies()).get(CHOSEN_PRICE)?.value === chosen;
  const text = checkoutText[await findLocale()].start;
  return <StartOrder priceId={chosen} isAtOnce={wasPressed} text={text} />;
}
