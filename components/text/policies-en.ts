import {
  CHARGE_HOUR,
  CHECKOUT_HOURS,
  CONSENT_WINDOW_DAYS,
  WITHDRAWAL_DAYS,
} from "@/lib/billing/policy";
import { DUNNING } from "@/lib/billing/renewal/dunning";
import { type Policies, REFUND_WORKING_DAYS } from "./policy-shape";

export const policiesEn: Policies = {
  terms: (seller) => ({
    title: "Terms of service",
    lead: `How you may use what ${seller.name} offers. The Korean text is the one that binds; this is a translation in short.`,
    sections: [
      {
        heading: "1. Words",
        blocks: [
          "A subscription is a contract to use the service for a fee at each interval. Cancelling ends the subscription; it is neither the refund of one payment nor the closing of your account.",
        ],
      },
      {
        heading: "2. Changes of these terms",
        blocks: [
          "We tell you 7 days before a change takes effect, 30 days when it is to your disadvantage. Until then you may cancel.",
        ],
      },
      {
        heading: "3. Signing up",
        blocks: ["Anybody aged 14 or over may sign up. Keep your password to yourself."],
      },
      {
        heading: "4. Prices",
        blocks: [
          `Prices include VAT and nothing is added. An order keeps its price for ${CHECKOUT_HOURS} hours. A raised price applies to your running subscription only if you agree to it separately.`,
        ],
      },
      {
        heading: "5. Recurring payments",
        blocks: [
          `Your card is charged on the day you started, at each interval, after ${CHARGE_HOUR} a.m. Korean time; in a month without that day, on its last. A failed payment is tried again after ${DUNNING.retryDays.join(", ")} days, never twice a day by itself. You keep access for ${DUNNING.graceDays} days; unpaid after ${DUNNING.endsAfterDays} days, the subscription ends. Cancelling stops all further tries.`,
        ],
      },
      {
        heading: "6. Free trials",
        blocks: [
          `One per product. Within the ${CONSENT_WINDOW_DAYS} days before it would become paid we ask for your consent, with the date, both amounts, the card, and how to cancel. Without it nothing is charged and the subscription ends.`,
        ],
      },
      {
        heading: "7. Cancelling and refunds",
        blocks: [
          "Cancel at any time in your subscription. You keep access until the end of what you paid for, and can take the cancellation back until then. Refunds follow the refund policy.",
        ],
      },
      {
        heading: "8. Interruptions",
        blocks: [
          "We announce planned interruptions. Time you could not use the service through our fault is refunded or added.",
        ],
      },
      {
        heading: "9. Disputes",
        blocks: [
          `Write to ${seller.email} or call ${seller.phone}. Korean law applies; the Consumer Dispute Settlement Commission (call 1372) can help.`,
        ],
      },
    ],
  }),
  privacy: (seller) => ({
    title: "Privacy policy",
    lead: `${seller.name} collects what it needs and erases it afterwards. The Korean text is the one that binds.`,
    sections: [
      {
        heading: "1. What we collect and why",
        blocks: [
          {
            caption: "What we collect and why",
            columns: ["Purpose", "Data", "Kept"],
            rows: [
              ["Signing up and in", "E-mail, name, password (one-way hash)", "Until you leave"],
              [
                "Signing in through another service, if you choose",
                "Identifier, e-mail and name it reports",
                "Until you leave",
              ],
              [
                "Payments",
                "Card issuer, masked number, encrypted billing key, payment history",
                "As the law demands, below",
              ],
              [
                "Preventing abuse, proof of consent",
                "IP address, browser, access records",
                "3 months; proof of consent 5 years",
              ],
            ],
          },
          "Card numbers, expiry dates, CVCs and birth dates are entered in the window of Toss Payments only and never reach our servers.",
        ],
      },
      {
        heading: "2. Kept by law",
        blocks: [
          {
            caption: "Kept by law",
            columns: ["Record", "Years", "Law"],
            rows: [
              ["Contracts and withdrawals", "5 years", "E-Commerce Act"],
              ["Payments and supply", "5 years", "E-Commerce Act"],
              ["Complaints and disputes", "3 years", "E-Commerce Act"],
              ["Advertising", "6 months", "E-Commerce Act"],
              ["Access records", "3 months", "Protection of Communications Secrets Act"],
            ],
          },
        ],
      },
      {
        heading: "3. Processors",
        blocks: [
          {
            caption: "Processors",
            columns: ["Processor", "Task"],
            rows: [
              ["Toss Payments Co., Ltd.", "Card payments, recurring payments and their reversal"],
              [seller.hosting, "Servers and storage"],
            ],
          },
          "Nobody else is given your personal data.",
        ],
      },
      {
        heading: "4. Erasure",
        blocks: [
          `Your data is erased when you leave or its purpose is met. To leave, write to ${seller.email}. What the law makes us keep is kept apart and used for that alone.`,
        ],
      },
      {
        heading: "5. Your rights",
        blocks: [
          `You may see, correct, erase or stop the use of your data at any time. Your name and card you change yourself in your subscription; for anything else write to ${seller.email}.`,
        ],
      },
      {
        heading: "6. Security",
        blocks: [
          "Passwords are hashed, billing keys encrypted with keys that rotate, connections encrypted, access limited and recorded.",
        ],
      },
      {
        heading: "7. Cookies",
        blocks: [
          "One that keeps you signed in (30 days), one that marks a device you signed in on (1 year, so that somebody else's guesses at your password do not lock you out), and your language and colours (1 year). None for advertising or tracking.",
        ],
      },
      {
        heading: "8. Data protection officer",
        blocks: [`${seller.representative}, ${seller.email}, ${seller.phone}`],
      },
    ],
  }),
  refund: (seller) => ({
    title: "Refunds and cancelling",
    lead: "Stopping is never harder than starting. The Korean text is the one that binds.",
    sections: [
      {
        heading: `1. Within ${WITHDRAWAL_DAYS} days and unused: everything back`,
        blocks: [
          `Within ${WITHDRAWAL_DAYS} days of any payment, first or recurring, you get all of it back if you have not used the service in the period it paid for. Write to ${seller.email} or call ${seller.phone}.`,
        ],
      },
      {
        heading: "2. Cancelling at the end, or now",
        blocks: [
          {
            caption: "Two ways to cancel",
            columns: ["Way", "Use", "Refund"],
            rows: [
              [
                "At the end of the period",
                "Until the last day paid for",
                "None; nothing more is charged",
              ],
              [
                "Now",
                "Ends when we handle your request",
                "The payment less the days used, by the day. No penalty.",
              ],
            ],
          },
          `Cancelling at the end takes two clicks in your subscription. For cancelling now with a refund write to ${seller.email} at any hour or call ${seller.phone}, and a person does it for you. We ask for no reason.`,
        ],
      },
      {
        heading: "3. Free trials",
        blocks: [
          `Cancel during the trial and nothing is charged. Nor is it if you do not agree separately within the ${CONSENT_WINDOW_DAYS} days before.`,
        ],
      },
      {
        heading: "4. Things paid for once",
        blocks: [
          `Refunded in full within ${WITHDRAWAL_DAYS} days if we have not begun; otherwise the part not yet supplied.`,
        ],
      },
      {
        heading: "5. How and when",
        blocks: [
          `To the card you paid with, never as points. We ask for the reversal within ${REFUND_WORKING_DAYS} working days; your issuer shows it 3 to 5 working days later.`,
        ],
      },
      {
        heading: "6. When a payment fails",
        blocks: [
          `We try again after ${DUNNING.retryDays.join(", ")} days; unpaid after ${DUNNING.endsAfterDays} days the subscription ends. Cancel meanwhile and nothing more is charged, the missed amount included.`,
        ],
      },
    ],
  }),
};
