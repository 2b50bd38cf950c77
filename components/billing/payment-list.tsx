import type { AccountText } from "@/components/text/account";
import { Day } from "@/components/ui/day";
import { Money } from "@/components/ui/money";
import { type CalendarDate, type Interval, seoulDayOf } from "@/lib/billing/calendar";
import { cardLabel } from "@/lib/billing/card/card";
import type { Bilingual } from "@/lib/billing/catalogue/plan";
import { type ChargeStatus, isOpen } from "@/lib/billing/charge/charge";
import type { DeclineReason } from "@/lib/billing/charge/decline";
import { creditUsedBy, periodTitle } from "@/lib/billing/invoice/invoice";
import { declineWords } from "@/lib/billing/message/message";
import { formatWon, type Won } from "@/lib/billing/money";
import { paymentState } from "@/lib/billing/refund/refund";
import type { Locale } from "@/lib/http/locale";
import { PaymentBadge } from "./payment-badge";
import { ReceiptLink } from "./receipt-link";

/** One thing to be paid and the newest attempt at it, as far as people see it. */
type Payment = {
  readonly invoice: {
    readonly id: string;
    readonly title: string;
    readonly dueWon: Won;
    readonly creditUsedGrantedWon: Won;
    readonly creditUsedPaidWon: Won;
    readonly forgivenWon: Won;
    readonly closedAt: Date | null;
    readonly periodStartsOn: CalendarDate | null;
    readonly periodEndsOn: CalendarDate | null;
  };
  readonly bought: { readonly name: Bilingual; readonly interval: Interval | null } | null;
  readonly charge: {
    readonly status: ChargeStatus;
    readonly amountWon: Won;
    readonly createdAt: Date;
    readonly approvedAt: Date | null;
    readonly declineReason: DeclineReason | null;
    readonly suppliedWon: Won | null;
    readonly vatWon: Won | null;
    readonly receiptUrl: string | null;
  } | null;
  readonly card: Parameters<typeof cardLabel>[0] | null;
  readonly refundedWon: Won;
};

/** A list people can read aloud: day, what for, how much, how it went, with which card, the slip. */
export function PaymentList({
  payments,
  locale,
  text,
}: {
  payments: readonly Payment[];
  locale: Locale;
  text: AccountText;
}) {
  return (
    <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
      {payments.map((payment) => (
        <PaymentItem key={payment.invoice.id} payment={payment} locale={locale} text={text} />
      ))}
    </ul>
  );
}

function PaymentItem({
  payment: { invoice, bought, charge, card, refundedWon },
  locale,
  text: { payments: text },
}: {
  payment: Payment;
  locale: Locale;
  text: AccountText;
}) {
  const state = charge === null ? "paid" : paymentState(charge, refundedWon);
  const at = charge === null ? invoice.closedAt : (charge.approvedAt ?? charge.createdAt);
  const creditWon = creditUsedBy(invoice);
  return (
    <li className="grid gap-x-6 gap-y-1 py-6 sm:grid-cols-[1fr_auto] sm:items-start">
      <div className="grid justify-items-start gap-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {at ? (
            <span className="font-semibold">
              <Day on={seoulDayOf(at)} locale={locale} />
            </span>
          ) : null}
          <PaymentBadge state={state} text={text.states} />
        </p>
        <p className="text-sm tabular-nums">{titleOf(invoice, bought, locale)}</p>
        <p className="text-muted text-sm">
          {charge?.status === "declined"
            ? text.notPaid(declineWords(charge.declineReason ?? "unknown", locale))
            : null}
          {isOpen(charge) ? text.checking : null} {card ? cardLabel(card, locale) : null}
        </p>
      </div>
      <div className="grid sm:justify-items-end">
        <p className={state === "paid" ? "" : "text-muted"}>
          <Money
            won={invoice.dueWon}
            locale={locale}
            size={charge?.status === "declined" ? "md" : "lg"}
          />
        </p>
        {creditWon > 0 ? (
          <p className="text-sm tabular-nums">{text.credit(formatWon(creditWon, locale))}</p>
        ) : null}
        {invoice.forgivenWon > 0 ? (
          <p className="text-muted text-xs tabular-nums">
            {text.forgiven(formatWon(invoice.forgivenWon, locale))}
          </p>
        ) : null}
        {refundedWon > 0 ? (
          <p className="font-medium text-sm tabular-nums">
            {text.refunded(formatWon(refundedWon, locale))}
          </p>
        ) : null}
        {charge && charge.suppliedWon !== null && charge.vatWon !== null ? (
          <p className="text-muted text-xs tabular-nums">
            {text.supply} {formatWon(charge.suppliedWon, locale)} + {text.vatAmount}{" "}
            {formatWon(charge.vatWon, locale)}
          </p>
        ) : null}
        {charge?.receiptUrl ? (
          <ReceiptLink href={charge.receiptUrl}>{text.receipt}</ReceiptLink>
        ) : null}
      </div>
    </li>
  );
}

/** What was paid for: in Korean as it is printed on the slip. */
function titleOf(invoice: Payment["invoice"], bought: Payment["bought"], locale: Locale): string {
  if (locale === "ko" || !bought) return invoice.title;
  const planName = bought.name[locale];
  const { interval } = bought;
  const { periodStartsOn: startsOn, periodEndsOn: endsOn } = invoice;
  return interval && startsOn && endsOn
    ? periodTitle({ planName, interval }, { startsOn, endsOn }, locale)
    : planName;
}
