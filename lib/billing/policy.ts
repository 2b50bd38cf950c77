/**
 * Policy as data: hours, windows and days that a founder or a lawyer may change, in one place.
 * Each value names its reason; the rules that use them live in the files beside this one.
 */

/** Charging starts at this hour in Seoul: banks and issuers are awake, and so are the people who read the message. */
export const CHARGE_HOUR = 10;

/** No automatic call to a card between these times: debit cards fail while their bank closes its day. */
export const BLACKOUT = { fromMinute: 23 * 60 + 30, toMinute: 60 } as const;

/** Mails that nobody waits for are sent between these hours, so that none wakes anybody. */
export const NOTICE_HOURS = { from: 9, to: 20 } as const;

/** Days before the end of free days on which a customer is reminded of it, beside the day on which consent opens. */
export const TRIAL_REMINDER_DAYS = [7, 1] as const;

/** A checkout can be taken up again for this long. */
export const CHECKOUT_HOURS = 24;

/**
 * A first charge is repeated for this long while Toss knows nothing of it. After that it is given up, and the buyer
 * decides whether to try again: nobody is charged for an order they have forgotten.
 */
export const FIRST_CHARGE_MINUTES = 10;

/** Consent to a charge that is higher than the last one counts from this many days before it (E-Commerce Act §13⑥). */
export const CONSENT_WINDOW_DAYS = 30;

/** One grant of credit is no more than this: a slip of the hand must not give a year away. */
export const GRANT_LIMIT_WON = 1_000_000;

/** A quote can be confirmed for this long, and not after the end of its day. */
export const QUOTE_MINUTES = 10;

/** Somebody who signs in stays signed in for this long. */
export const SESSION_DAYS = 30;

/** Whoever may see the console signs in anew after this many hours: a browser left open must not stay an open till. */
export const CONSOLE_SESSION_HOURS = 12;

/** A password reset link works this long. */
export const PASSWORD_RESET_MINUTES = 30;

/** How long the link works by which somebody becomes a member of an account. */
export const INVITATION_DAYS = 7;

/** How long the link works by which a new operator sets a password. */
export const OPERATOR_LINK_HOURS = 24;

/** Days within which an unused payment is refunded in full (E-Commerce Act §17). */
export const WITHDRAWAL_DAYS = 7;

/**
 * The safety brake stops charging when more than `factor` times the predicted renewals, or their won, fall due on a
 * day, or when a day has no prediction though one was due. Days below both parts of `floor` are never stopped for
 * that: small numbers jump by nature. Periods that are already over wait for an operator beyond `overFloor`: one
 * contract that was stuck for a month must not stop all others, but many are a standstill of ours.
 */
export const BRAKE = {
  factor: 2,
  floor: { count: 100, won: 10_000_000 },
  overFloor: { count: 10, won: 1_000_000 },
} as const;

/** So many days ahead are predicted, so that after a standstill of days there is still something to compare with. */
export const FORECAST_DAYS = 7;

/** Toss's list may lag: each day is compared again on so many mornings. */
export const RECONCILE_DAYS = 3;

/** A webhook is a hint and no record: what it led to is booked. It is kept this long, to be looked at by people. */
export const WEBHOOK_DAYS = 90;

/** One that named nothing of ours is forgotten sooner: anybody can send those. */
export const WEBHOOK_OF_NOTHING_DAYS = 7;
