import { Badge, type Tone } from "@/components/ui/badge";
import type { PaymentState } from "@/lib/billing/refund/refund";

const TONES: Readonly<Record<PaymentState, Tone>> = {
  paid: "good",
  "partly-refunded": "neutral",
  refunded: "neutral",
  failed: "bad",
  checking: "info",
};

/** How a payment ended: one word and one shape, the same for the customer and the operator. */
export function PaymentBadge({
  state,
  text,
}: {
  state: PaymentState;
  text: Readonly<Record<PaymentState, string>>;
}) {
  return <Badge tone={TONES[state]}>{text[state]}</Badge>;
}
