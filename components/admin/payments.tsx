import type { ReactNode } from "react";
import { Code, FactList } from "@/components/admin/sheet";
import { PaymentBadge } from "@/components/billing/payment-badge";
import { ReceiptLink } from "@/components/billing/receipt-link";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { addDays } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import type { ChargeStatus } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { formatNearDate } from "@/lib/billing/format";
import { declineWords } from "@/lib/billing/message/message";
import { formatDigits, formatWon, type Won } from "@/lib/billing/money";
import { paymentState, type RefundStatus } from "@/lib/billing/refund/refund";
import {
  isToBeCharged,
  nextPeriod,
  type Subscription,
} from "@/lib/billing/subscription/subscription";

const text = adminText.payments;

type Payment = {
  readonly charge: {
    readonly status: ChargeStatus;
    readonly orderId: string;
    readonly amountWon: Won;
    readonly declineCode: string | null;
    readonly declineReason: DeclineReason | null;
    readonly receiptUrl: string | null;
    readonly createdAt: Date;
    readonly approvedAt: Date | null;
  };
  readonly title: string;
  readonly invoiceNumber: string | null;
  readonly customer: string;
  readonly isEmailProven: boolean;
  readonly issuerCode: string | null;
  readonly maskedNumber: string | null;
  readonly refunds: readonly {
    readonly id: string;
    readonly amountWon: Won;
    readonly status: RefundStatus;
    readonly reason: string;
  }[];
};

/** One attempt at payment: for what, by whom, how it went, what was given back, and below that what can be done. */
export function PaymentRow({ payment, children }: { payment: Payment; children?: ReactNode }) {
  const { charge, title, invoiceNumber, customer, isEmailProven, refunds } = payment;
  const at = charge.approvedAt ?? charge.createdAt;
  const returnedWon = refunds.reduce(
    (sum, refund) => sum + (refund.status === "done" ? refund.amountWon : 0),
    0,
  );
  const state = paymentState(charge, returnedWon);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-3 py-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="font-semibold text-base">{title}</h2>
          <PaymentBadge state={state} text={text.states} />
        </div>
        <p className={state === "paid" ? "" : "text-muted"}>
          <Money won={charge.amountWon} locale="ko" size={state === "failed" ? "md" : "lg"} />
        </p>
      </div>
      <FactList
        facts={[
          {
            label: text.facts.customer,
            value: (
              <>
                <span className="break-all">{customer}</span>
                {isEmailProven ? null : <p className="text-muted text-xs">{text.unproven}</p>}
              </>
            ),
          },
          {
            label: text.facts.declined,
            value: charge.status === "declined" ? declineOf(charge) : null,
          },
          { label: text.facts.card, value: cardOf(payment) },
          { label: text.facts.order, value: <Code>{charge.orderId}</Code> },
          { label: text.facts.invoice, value: invoiceNumber },
          {
            label: text.facts.refunds,
            value:
              refunds.length === 0 ? null : (
                <ul className="grid gap-1">
                  {refunds.map((refund) => (
                    <li key={refund.id} className="tabular-nums">
                      {text.refundOf(
                        formatWon(refund.amountWon),
                        adminText.refunds.states[refund.status],
                        refund.reason,
                      )}
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
      <p className="text-muted text-xs">
        <time dateTime={at.toISOString()}>{formatInstant(at, "ko")}</time>
      </p>
      <div className="grid justify-items-start empty:hidden">
        {charge.receiptUrl ? (
          <ReceiptLink href={charge.receiptUrl}>{text.receipt}</ReceiptLink>
        ) : null}
        {children}
      </div>
    </li>
  );
}

function declineOf({ declineReason, declineCode }: Payment["charge"]): ReactNode {
  return (
    <>
      {declineWords(declineReason ?? "unknown")} <Code>{declineCode}</Code>
    </>
  );
}

function cardOf({ issuerCode, maskedNumber }: Payment): string | null {
  return issuerCode === null && maskedNumber === null
    ? null
    : cardLabel({ issuerCode, maskedNumber });
}

/** How much, why, and whether the subscription goes on: no refund leaves the next charge undecided. */
export function RefundFields({
  refundable,
  unusedWon,
  subscription,
}: {
  refundable: Won;
  /** What the days after today are worth; null where nothing is left. */
  unusedWon: Won | null;
  subscription: Subscription | null;
}) {
  const { refund } = text;
  const choices = subscription ? choicesOf(subscription) : [];
  return (
    <>
      <Field
        name="amount"
        label={refund.amount}
        hint={[
          refund.upTo(formatWon(refundable)),
          unusedWon === null ? null : refund.unused(formatWon(unusedWon)),
        ]
          .filter(Boolean)
          .join(" ")}
        defaultValue={formatDigits(refundable)}
        inputMode="numeric"
        maxLength={20}
        required
      />
      <Field
        name="reason"
        label={refund.reason}
        hint={refund.reasonHint}
        maxLength={200}
        required
      />
      {choices.length > 0 ? <RadioGroup name="next" label={refund.next} choices={choices} /> : null}
      <SubmitButton variant="danger" wide pending={refund.sending}>
        {refund.send}
      </SubmitButton>
    </>
  );
}

function choicesOf(subscription: Subscription) {
  const { refund } = text;
  if (subscription.status === "ended" || subscription.status === "incomplete") return [];
  if (subscription.status === "past-due") {
    if (!isToBeCharged(subscription)) return [];
    return [
      { value: "keep", label: refund.keep, hint: refund.keepOverdueHint },
      { value: "cancel", label: refund.cancel, hint: refund.cancelNowHint },
    ];
  }
  const nextOn = nextPeriod(subscription).startsOn;
  const lastDay = formatNearDate(addDays(nextOn, -1));
  const endNow = { value: "end-now", label: refund.endNow, hint: refund.endNowHint };
  if (!isToBeCharged(subscription))
    return [{ value: "keep", label: refund.keep, hint: refund.keepBookedHint(lastDay) }, endNow];
  return [
    { value: "keep", label: refund.keep, hint: refund.keepHint(formatNearDate(nextOn)) },
    { value: "cancel", label: refund.cancel, hint: refund.cancelHint(lastDay) },
    endNow,
  ];
}
