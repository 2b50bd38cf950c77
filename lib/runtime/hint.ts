/** An event to publish; `id` makes a double send harmless within 24 hours. */
export type Hint =
  | {
      readonly name: "billing/sweep.requested" | "mail/messages.booked";
      readonly id: string;
      readonly data: Readonly<Record<string, never>>;
    }
  | {
      readonly name: "billing/charges.requested";
      readonly id: string;
      readonly data: { readonly chargeIds: readonly string[] };
    }
  | {
      readonly name: "toss/webhook.received";
      readonly id: string;
      readonly data: { readonly webhookId: string };
    };
