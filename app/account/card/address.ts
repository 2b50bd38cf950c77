/**
 * The page on which the card of a subscription is replaced, with a notice; without an id, of the only one the account
 * has. Windows lead back to a path that carries the id, since how they treat a query is not documented.
 */
export function cardPage(subscriptionId: string | undefined, notice: string): string {
  const query = new URLSearchParams({
    ...(subscriptionId === undefined ? {} : { subscription: subscriptionId }),
    notice,
  });
  return `/account/card?${query}`;
}
