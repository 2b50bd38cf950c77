import type { Metadata, Route } from "next";
import { z } from "zod";
import { BalanceTable, DayFindings } from "@/components/admin/books";
import { Sheet } from "@/components/admin/sheet";
import { adminText } from "@/components/text/admin";
import { Button, LinkButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { findBalances } from "@/db/ledger";
import { listFindingsOfDay, listReconciledDays, type ReconciledDay } from "@/db/reconciliation";
import { deps } from "@/deps";
import { requireOperator } from "@/lib/auth/session";
import {
  addDays,
  type CalendarDate,
  parseCalendarDate,
  seoulDayOf,
  seoulInstant,
} from "@/lib/billing/calendar";
import { formatLongDate, formatTableDate } from "@/lib/billing/format";
import { formatWon } from "@/lib/billing/money";

const text = adminText.books;

export const metadata: Metadata = { title: text.title };

const SHOWN_DAYS = 31;

/** A day of this century; what makes no sense counts as missing. */
const Day = z.iso
  .date()
  .startsWith("20")
  .transform((given) => parseCalendarDate(given))
  .nullable()
  .catch(null)
  .default(null);

/** What every account held at the end of a day, and how the day compared with Toss's own list. */
export default async function BooksPage({ searchParams }: PageProps<"/admin/books">) {
  await requireOperator("/admin/books");
  const today = seoulDayOf(deps().clock.now());
  const day = readDay((await searchParams).day, today);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 className="text-xl">{text.title}</h1>
          <LinkButton href="/admin" variant="quiet">
            {text.back}
          </LinkButton>
        </div>
        <p className="text-muted text-sm">{text.lead}</p>
      </header>
      <search>
        <form className="grid items-end gap-3 sm:grid-cols-[minmax(0,14rem)_auto] sm:justify-start">
          <Field key={day} name="day" type="date" label={text.day} defaultValue={day} />
          <Button type="submit">{text.show}</Button>
        </form>
      </search>
      <Balances day={day} />
      <ComparedDays />
    </div>
  );
}

async function Balances({ day }: { day: CalendarDate }) {
  const endOfDay = new Date(seoulInstant(addDays(day, 1), 0).getTime() - 1);
  const [balances, found] = await Promise.all([findBalances(endOfDay), listFindingsOfDay(day)]);
  return (
    <section aria-labelledby="balances" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="balances" className="text-lg">
        {text.balances(formatLongDate(day))}
      </h2>
      <BalanceTable balances={balances} />
      {found.length > 0 ? <DayFindings findings={found} /> : null}
    </section>
  );
}

async function ComparedDays() {
  const days = await listReconciledDays(SHOWN_DAYS);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 className="text-lg">{text.compared}</h2>
      {days.length === 0 ? (
        <Sheet>
          <p className="py-6 text-muted text-sm">{adminText.findings.never}</p>
        </Sheet>
      ) : (
        <Table
          caption={text.compared}
          columns={text.columns}
          rows={days.map(rowOf)}
          amountsFrom={1}
        />
      )}
    </div>
  );
}

function rowOf({ run, unexplainedWon }: ReconciledDay) {
  const { day, status, transactionCount, paidWon, canceledWon } = run;
  const cells =
    status === "failed"
      ? [text.failed, "", "", ""]
      : [
          text.count(transactionCount),
          formatWon(paidWon),
          formatWon(canceledWon),
          formatWon(unexplainedWon),
        ];
  const link = (
    <Link href={`/admin/books?day=${day}` as Route} className="underline underline-offset-4">
      {formatTableDate(day)}
    </Link>
  );
  return { key: day, cells: [link, ...cells] };
}

function readDay(given: unknown, today: CalendarDate): CalendarDate {
  const day = Day.parse(given);
  return day === null || day > today ? today : day;
}
