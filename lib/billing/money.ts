/**
 * Whole won. There is no minor unit: an amount is an integer, and prices include VAT.
 *
 * 9,900 won hold 900 won of VAT and 9,000 won of supply. The split shown before a payment follows the formula Toss
 * uses (`round(total / 11)`); once a payment exists, the split in Toss's answer is stored and shown instead.
 */

declare const brand: unique symbol;

/** A whole number of won, 0 or more. */
export type Won = number & { readonly [brand]: "Won" };

/** Makes won of a number. Throws a RangeError for fractions, negatives and numbers too large to be exact. */
export function parseWon(value: number): Won {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Not a whole amount of won: ${value}`);
  return value as Won;
}

/** Supply and VAT of a VAT-inclusive total; the two always sum to it. 15,000 gives 13,636 and 1,364. */
export function splitVat(total: Won): { suppliedWon: Won; vatWon: Won } {
  const vatWon = parseWon(Math.round(total / 11));
  return { suppliedWon: parseWon(total - vatWon), vatWon };
}

export function sumWon(amounts: readonly Won[]): Won {
  return parseWon(amounts.reduce((sum, amount) => sum + amount, 0));
}

/** "9,900": digits grouped by three, without a unit. */
export function formatDigits(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** "9,900원" in Korean, "₩9,900" in English. */
export function formatWon(amount: number, locale: "ko" | "en" = "ko"): string {
  return locale === "ko" ? `${formatDigits(amount)}원` : `₩${formatDigits(amount)}`;
}
