import type { Metadata } from "next";
import { Figures } from "@/components/admin/figures";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText, type DoneNotice } from "@/components/text/admin";
import { LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { findDayFigures } from "@/db/console/figures";
import { deps } from "@/deps";
import { mayOperate, requireOperator } from "@/lib/auth/session";
import { type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { env } from "@/lib/runtime/env";
import { Tasks } from "./tasks/tasks";

export const metadata: Metadata = { title: adminText.title };

/** The morning look: what came in, what failed, what is due tomorrow, and what needs somebody. */
export default async function AdminPage({ searchParams }: PageProps<"/admin">) {
  const operator = await requireOperator("/admin");
  const { done } = await searchParams;
  const now = deps().clock.now();
  const jobRuns = env().INNGEST_DASHBOARD_URL;
  return (
    <div className="grid gap-8">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="grid gap-1">
          <h1 className="text-xl">{adminText.title}</h1>
          <p className="text-muted text-sm">
            <time dateTime={now.toISOString()}>{formatInstant(now, "ko")}</time>
          </p>
        </div>
        <nav className="flex flex-wrap gap-2">
          <LinkButton href="/admin/payments">{adminText.payments.link}</LinkButton>
          <LinkButton href="/admin/books">{adminText.books.link}</LinkButton>
          <LinkButton href="/admin/webhooks">{adminText.webhooks.link}</LinkButton>
          {jobRuns ? (
            <LinkButton href={jobRuns} reload>
              {adminText.jobs}
            </LinkButton>
          ) : null}
        </nav>
      </header>
      {typeof done === "string" && isDoneNotice(done) ? (
        <Callout tone="good" live>
          {adminText.done[done]}
        </Callout>
      ) : null}
      <FiguresOf today={seoulDayOf(now)} />
      <Tasks now={now} mayAct={mayOperate(operator)} />
    </div>
  );
}

async function FiguresOf({ today }: { today: CalendarDate }) {
  return <Figures figures={await findDayFigures(today)} />;
}

function isDoneNotice(done: string): done is DoneNotice {
  return Object.hasOwn(adminText.done, done);
}
