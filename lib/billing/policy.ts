/**
 * Policy as data: hours, windows and days that a founder or a lawyer may change, in one place.
 * Each value names its reason; the rules that use them live in the files beside this one.
 */

/** Charging starts at this hour in Seoul: banks and issuers are awake, and so are the people who read the message. */
export const CHARGE_HOUR = 10;

/** No automatic call to a card between these times: debit cards fail while their bank closes its day. */
export const BLACKOUT = { fromMinute: 23 * 60 + 30, toMinute: 60 } as const;

/** A checkout can be taken up again for this long. */
export const CHECKOUT_HOURS = 24;

/** Consent to a charge that is higher than the last one counts from this many days before it (E-Commerce Act §13⑥). */
export const CONSENT_WINDOW_DAYS = 30;

/** A password reset link works this long. */
export const PASSWORD_RESET_MINUTES = 30;

/** Days within which an unused payment is refunded in full (E-Commerce Act §17). */
export const WITHDRAWAL_DAYS = 7;
