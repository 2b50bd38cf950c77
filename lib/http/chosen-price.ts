import type { Route } from "next";

/** The cookie that names the price whose button was pressed before signing in. */
export const CHOSEN_PRICE = "chosen-price";

const START = "/checkout/start";

/** The page that goes on to the order of a price. */
export function pathOfChosenPrice(priceId: string): Route {
  return `${START}?${new URLSearchParams({ priceId })}` as Route;
}

/** The price that somebody on the way to `path` chose; null when they are on the way elsewhere. */
export function chosenPriceOf(path: string): string | null {
  const { pathname, searchParams } = new URL(path, "https://here.invalid");
  return pathname === START ? searchParams.get("priceId") : null;
}
