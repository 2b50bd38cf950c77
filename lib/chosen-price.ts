/** The cookie that names the price whose button was pressed before signing in. */
export const CHOSEN_PRICE = "chosen-price";
