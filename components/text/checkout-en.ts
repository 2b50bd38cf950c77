import { WITHDRAWAL_DAYS } from "@/lib/billing/policy";
import type { checkoutKo } from "./checkout-ko";

export const checkoutEn: typeof checkoutKo = {
  title: "Review your order",
  lead: "Please look once more before you pay. Nothing has been charged yet.",
  intervals: { month: "Monthly", quarter: "Quarterly", year: "Yearly" },
  every: { month: "every month", quarter: "every 3 months", year: "every year" },
  once: "Paid once",
  todayTotal: "To pay today",
  vatIncluded: "VAT included",
  supply: "Supply value",
  vat: "VAT",
  schedule: "When you pay",
  today: "Today",
  next: "Next payment",
  covers: (period) => `Covers ${period}`,
  trialCovers: (days, period) => `${days} days free · ${period}`,
  trialUsed: "The free trial is for a first subscription, so this time you pay from today.",
  trialConsent: "Before that · your consent",
  trialConsentBody:
    "We ask separately once the trial has begun. Without it nothing is charged and the trial simply ends.",
  ifAgreed: "only if you agree",
  thenEvery: (every, won) => `${won} ${every} after that`,
  onceNote: "Paid once, never charged again.",
  terms: "Cancelling and refunds",
  termsOf: {
    subscription: [
      "Cancel in your subscription in two clicks. No call, no reason.",
      "You keep what you paid for until the period ends.",
      `Within ${WITHDRAWAL_DAYS} days of a payment and unused, you get all of it back.`,
    ],
    trial: [
      "Cancel during the trial and it costs nothing. Two clicks in your subscription.",
      "When the trial ends and you have not agreed, nothing is taken from your card.",
      `After that too: within ${WITHDRAWAL_DAYS} days of a payment and unused, you get all of it back.`,
    ],
    once: [
      `Within ${WITHDRAWAL_DAYS} days and not begun, you get all of it back.`,
      "This is no subscription, so there is nothing to cancel.",
    ],
  },
  policy: "Refund policy",
  consents: "Required consents",
  consentOf: {
    terms:
      "I have checked the order, the amount and the cancel and refund terms, and agree to pay. (required)",
    recurring: (every, won) =>
      `I agree that ${won} is charged to the registered card automatically ${every}. (required)`,
    trialTerms:
      "I have checked the trial period and the cancel and refund terms, and agree to start the trial. (required)",
    trialCard:
      "I agree to register a card. Nothing is charged before I separately agree to the paid plan. (required)",
    oncePayment: "I agree to electronic payment through Toss Payments. (required)",
  },
  tickBoth: "Please check and agree to both.",
  pay: (won) => `Pay ${won} and start`,
  startTrial: "Register a card and start free",
  payOnce: (won) => `Pay ${won}`,
  opening: "Opening the payment window",
  back: "Back to pricing",
  tossNote: "Card details are entered in Toss Payments' window only and never reach our server.",
  noScript:
    "The payment window needs JavaScript. Switch it on in your browser and open this page again. Nothing was charged.",
  stops: {
    closed: {
      title: "You closed the payment window",
      body: "Nothing was charged and your order is still here. Press again when you are ready.",
    },
    "not-loaded": {
      title: "The payment window did not load",
      body: "Check your connection or a blocker in your browser, then press again. Nothing was charged.",
    },
    refused: {
      title: "The payment window did not open",
      body: "Press again in a moment. Nothing was charged. If it goes on, please write to us.",
    },
    "signed-out": {
      title: "You have been signed out",
      body: "Sign in again and go on with this order. Nothing was charged.",
    },
    offline: {
      title: "The connection was lost",
      body: "Check your connection and press again. Nothing was charged.",
    },
  },
  notices: {
    "not-agreed":
      "We could not find your consent, so nothing was charged. Please agree below and try again.",
    declined: (reason) =>
      `The last payment did not go through. ${reason} Nothing was charged; you can go on with another card.`,
    refusedCard: (reason) => `The card could not be registered. ${reason} Please try another one.`,
  },
  checking: {
    title: "Checking with your card issuer",
    body: "Usually a few seconds. Closing this page will not charge you twice.",
    slow: "This takes longer than usual. You may close this page: we see it through and mail you the result.",
    offline: "The connection was lost for a moment. We go on as soon as it is back.",
  },
  done: {
    title: (won) => `You paid ${won}`,
    body: (plan) => `Your ${plan} subscription has begun.`,
    bodyEnded: "This subscription has ended since.",
    bodyOnce: "Your order is complete. We will mail you to find a date.",
    item: "Item",
    amount: "Amount",
    period: "Period",
    paidOn: "Paid on",
    card: "Card",
    refunded: "Refunded",
    next: "Next payment",
    receipt: "Card sales slip",
    account: "My subscription",
    payments: "My payments",
  },
  trial: {
    title: (days) => `Your ${days} free days have begun`,
    body: "Today costs nothing. Your card was registered, not charged.",
    until: "Free trial",
    first: "First payment planned",
    paidToday: "Paid today",
    consentTitle: "One thing is left if you want to stay",
    consentBody: (day, won) =>
      `For ${won} to be charged on ${day} we need your consent. Give it now or later. Without it, the trial ends and nothing is charged.`,
    consent: "Look at the consent",
  },
  declined: {
    title: "The payment did not go through",
    body: (reason, won) => `${reason} ${won} was not paid.`,
    nothing: "Nothing was charged. Your order is still here; go on below.",
    retry: "Try the same card again",
    retrying: "Trying again",
    other: "Use another card",
    again: "Pay again",
  },
  cardRefused: {
    title: "The card could not be registered",
    body: (reason) => reason,
    nothing: "Nothing was charged. You can go on with another card.",
  },
  expired: {
    title: "This order is closed",
    body: "You cancelled it, its time ran out, or another order took its place. Nothing was charged for it.",
    pricing: "See pricing again",
    account: "My subscription",
    running: {
      title: (plan) => `You are subscribed to ${plan}`,
      body: (ordered) =>
        `So that you do not pay twice, this order of ${ordered} was closed. Nothing was charged for it, and its card is deleted.`,
    },
  },
  refunded: {
    title: "The order is cancelled and what was paid goes back",
    body: "Your card issuer had already made the payment. All of it is refunded, and we mail you when that is done.",
  },
  canceled: {
    title: "You left the payment",
    body: "Nothing was charged and your order is still here. Go on when you like.",
    again: "Back to the order",
    pricing: "See pricing",
  },
  failed: {
    title: "Nothing was charged",
    again: "Back to the order",
    account: "My subscription",
    reasons: {
      "amount-differs":
        "The amount that came back differs from your order, so we did not charge it. Please go back and pay again.",
      "foreign-order":
        "The order number that came back is not this order's, so nothing was charged. Please go back and pay again.",
      "foreign-customer-key":
        "The card was registered for another account than the one signed in, so we did not keep it.",
      "auth-key-used":
        "This card authentication was used elsewhere already. Please go back and register the card again.",
      "bad-address":
        "The address the payment window came back with is not complete, so nothing was charged. Please try again.",
      "too-many":
        "Too many cards in a short time, so this one was not registered. You can try again within ten minutes.",
      "window-aborted": "The payment window stopped midway. Please try again in a moment.",
      "window-refused": "The card issuer did not accept it. Check the details or use another card.",
      "window-failed": "The payment window did not finish. Please try again or use another card.",
    },
  },
  start: {
    title: "Opening your order",
    body: "We are taking you to the order of the plan you chose. If nothing happens, press the button.",
    go: "Open the order",
  },
  unavailable: {
    title: "The order could not be made",
    reasons: {
      "unknown-price": "We could not find that price. Please choose again.",
      "price-not-sold": "That price is no longer sold. Please choose one of today's.",
      "not-allowed":
        "You are a plain member of this account and cannot order for it. Please ask its owner or a billing member.",
      "too-many": "Too many orders in a short time. You can order again within ten minutes.",
    },
    pricing: "See pricing",
  },
  nothingPaid: "Nothing was charged.",
};
