import { adminText } from "@/components/text/admin";
import { Money } from "@/components/ui/money";
import { formatWon, type Won } from "@/lib/billing/money";

type Tally = { readonly count: number; readonly won: Won };

const text = adminText.figures;

/** What came in, what failed and what is due: four amounts, each with how many it is made of. */
export function Figures({
  figures,
}: {
  figures: {
    readonly paidToday: Tally;
    readonly paidThisMonth: Tally;
    readonly refundedThisMonth: Tally;
    readonly declinedToday: Tally;
    readonly pastDue: Tally;
    readonly dueTomorrow: Tally;
  };
}) {
  const { paidToday, paidThisMonth, refundedThisMonth, declinedToday, pastDue, dueTomorrow } =
    figures;
  const refunded = refundedThisMonth.won > 0 ? text.refunded(formatWon(refundedThisMonth.won)) : "";
  const declined = declinedToday.count > 0 ? text.declinedToday(declinedToday.count) : "";
  return (
    <section aria-label={text.title}>
      <dl className="grid overflow-hidden rounded-card border border-line bg-line gap-px sm:grid-cols-2 lg:grid-cols-4">
        <Figure label={text.paidToday} tally={paidToday} none={text.nothingToday} />
        <Figure
          label={text.paidThisMonth}
          tally={paidThisMonth}
          none={text.nothingThisMonth}
          more={refunded}
        />
        <Figure
          label={text.pastDue}
          tally={pastDue}
          none={text.nothingPastDue}
          more={declined}
          isBad
        />
        <Figure label={text.dueTomorrow} tally={dueTomorrow} none={text.nothingTomorrow} />
      </dl>
    </section>
  );
}

function Figure({
  label,
  tally,
  none,
  more = "",
  isBad = false,
}: {
  label: string;
  tally: Tally;
  /** Said when there is nothing to count. */
  none: string;
  more?: string;
  isBad?: boolean;
}) {
  const isNone = tally.count === 0;
  return (
    <div className="grid grid-cols-[1fr_auto] items-baseline gap-x-4 gap-y-1 bg-surface px-6 py-4 sm:grid-cols-1 sm:content-start sm:py-5">
      <dt className="font-medium text-muted text-sm">{label}</dt>
      <dd
        className={`sm:[&>span]:text-xl ${isNone ? "text-muted" : ""} ${isBad && !isNone ? "text-danger" : ""}`}
      >
        <Money won={tally.won} locale="ko" size="lg" />
      </dd>
      <dd className="col-span-full text-muted text-xs">
        {[isNone ? none : adminText.count(tally.count), more].filter(Boolean).join(" · ")}
      </dd>
    </div>
  );
}
