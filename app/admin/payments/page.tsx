import type { Metadata, Route } from "next";
import { z } from "zod";
import { refundAction } from "@/app/admin/payments/actions";
import { PaymentRow, RefundFields } from "@/components/admin/payments";
import { Disclosure, Sheet } from "@/components/admin/sheet";
import { adminText, type PaymentNotice } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Button, LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { listPaymentAttempts, type PaymentAttempt } from "@/db/console/payments";
import { listContracts } from "@/db/contract";
import { deps } from "@/deps";
import { mayOperate, requireOperator } from "@/lib/auth/session";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";
import { refundableWon } from "@/lib/billing/refund/refund";
import type { Contract } from "@/lib/billing/subscription/contract";
import { unusedOf } from "@/lib/billing/subscription/leave";

const text = adminText.payments;

export const metadata: Metadata = { title: text.title };

const SHOWN = 20;

/** What the address asks for. What makes no sense in it counts as missing. */
const Query = z.object({
  q: z.string().trim().min(1).max(200).nullable().catch(null).default(null),
  after: z
    .string()
    .regex(/^\w{1,64}$/)
    .nullable()
    .catch(null)
    .default(null),
  done: z.string().nullable().catch(null).default(null),
});
type Query = z.output<typeof Query>;

/** Every attempt at payment, found by whom or by number, and the way to give money back. */
export default async function AdminPaymentsPage({ searchParams }: PageProps<"/admin/payments">) {
  const operator = await requireOperator("/admin/payments");
  const query = Query.parse(await searchParams);
  const { done } = query;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 className="text-xl">{text.title}</h1>
          <LinkButton href="/admin" variant="quiet">
            {text.back}
          </LinkButton>
        </div>
        <p className="text-muted text-sm">{text.lead}</p>
      </header>
      {done !== null && isPaymentNotice(done) ? (
        <Callout tone={done === "refunded" ? "good" : "info"} live>
          {text.done[done]}
        </Callout>
      ) : null}
      <search>
        <form className="grid items-end gap-3 sm:grid-cols-[minmax(0,28rem)_auto] sm:justify-start">
          <Field name="q" label={text.search} defaultValue={query.q ?? ""} maxLength={200} />
          <Button type="submit">{text.find}</Button>
        </form>
      </search>
      <Payments query={query} mayAct={mayOperate(operator)} />
    </div>
  );
}

async function Payments({ query, mayAct }: { query: Query; mayAct: boolean }) {
  const { q, after } = query;
  const found = await listPaymentAttempts({ search: q, after }, SHOWN + 1);
  const shown = found.slice(0, SHOWN);
  const last = found.length > SHOWN ? shown.at(-1) : undefined;
  const today = seoulDayOf(deps().clock.now());
  const contracts = await listContracts(shown.flatMap(({ subscription }) => subscription ?? []));
  if (shown.length === 0) return <Nothing isFiltered={q !== null} />;
  return (
    <>
      <Sheet>
        <ul className="divide-y divide-line">
          {shown.map((payment) => {
            const refundable = refundableWon(payment.charge);
            return (
              <PaymentRow key={payment.charge.id} payment={payment}>
                {mayAct && refundable > 0 ? (
                  <Disclosure title={text.refund.open}>
                    <div className="max-w-md pt-2 pb-1">
                      <ActionForm action={refundAction}>
                        <input type="hidden" name="chargeId" value={payment.charge.id} />
                        <input type="hidden" name="requestId" value={deps().newId("refund")} />
                        <RefundFields
                          refundable={refundable}
                          unusedWon={unusedWonOf(payment, contracts, today)}
                          subscription={payment.subscription}
                        />
                      </ActionForm>
                    </div>
                  </Disclosure>
                ) : null}
              </PaymentRow>
            );
          })}
        </ul>
      </Sheet>
      <nav aria-label={text.title} className="flex flex-wrap justify-between gap-3 empty:hidden">
        {q !== null || after !== null ? (
          <LinkButton href="/admin/payments">{after ? text.newest : text.showAll}</LinkButton>
        ) : null}
        {last ? (
          <LinkButton href={hrefOf({ q, after: last.charge.id })}>{text.older}</LinkButton>
        ) : null}
      </nav>
    </>
  );
}

/** What the days after today are worth; null for what was not paid for the running period. */
function unusedWonOf(
  { subscription, paysTo }: PaymentAttempt,
  contracts: ReadonlyMap<string, Contract>,
  today: CalendarDate,
): Won | null {
  const contract = contracts.get(subscription?.id ?? "");
  if (contract === undefined || subscription?.status !== "active" || paysTo !== contract.paidTo)
    return null;
  const { moneyWon } = unusedOf(contract, today);
  return moneyWon > 0 ? moneyWon : null;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { title, body } = isFiltered ? text.notFound : text.empty;
  return (
    <Sheet>
      <div className="grid justify-items-start gap-3 py-8">
        <h2 className="text-lg">{title}</h2>
        <p className="text-muted text-sm">{body}</p>
        {isFiltered ? <LinkButton href="/admin/payments">{text.showAll}</LinkButton> : null}
      </div>
    </Sheet>
  );
}

function hrefOf({ q, after }: Pick<Query, "q" | "after">): Route {
  const query = new URLSearchParams({ ...(q !== null && { q }), ...(after !== null && { after }) });
  return `/admin/payments?${query}`;
}

function isPaymentNotice(done: string): done is PaymentNotice {
  return Object.hasOwn(text.done, done);
}
