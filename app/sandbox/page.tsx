import { ExternalLink } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { findOnlooker } from "@/app/sandbox/onlooker";
import { tellHappenings } from "@/app/sandbox/tell-happenings";
import { DayForm } from "@/components/sandbox/day-form";
import { Happened } from "@/components/sandbox/happened";
import { formatInstant } from "@/components/sandbox/instant";
import { Letter } from "@/components/sandbox/letter";
import { Shell } from "@/components/site/shell";
import { type SandboxText, sandboxText } from "@/components/text/sandbox";
import { LinkButton } from "@/components/ui/button";
import { listHappenings } from "@/db/happening";
import { listMessages } from "@/db/message";
import { nextSubscriptionActionAt } from "@/db/subscription";
import { deps } from "@/deps";
import { findLocale, type Locale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";

export async function generateMetadata(): Promise<Metadata> {
  return { title: sandboxText[await findLocale()].title, robots: { index: false } };
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** The sandbox's time, what happened while it moved, and the mails that went out. Not there in production. */
export default async function SandboxPage() {
  if (env().APP_ENV !== "sandbox") notFound();
  const locale = await findLocale();
  const text = sandboxText[locale];
  const now = deps().clock.now();
  const next = await nextSubscriptionActionAt(now);
  return (
    <Shell>
      <div className="mx-auto grid max-w-3xl gap-8 px-5 pt-10 sm:px-8 sm:pt-14">
        <section
          aria-labelledby="clock"
          className="overflow-hidden rounded-card border border-line bg-surface"
        >
          <div
            aria-hidden
            className="h-3 bg-[repeating-linear-gradient(135deg,var(--warning)_0_1rem,var(--warning-soft)_1rem_2rem)]"
          />
          <div className="grid gap-6 p-6 sm:p-8">
            <div className="grid gap-2">
              <p className="text-muted text-sm">{text.now}</p>
              <h1 id="clock" className="text-xl tabular-nums">
                <time dateTime={now.toISOString()}>{formatInstant(now, locale)}</time>
              </h1>
              <p className="font-medium text-sm tabular-nums">
                {next ? text.next(formatInstant(next, locale)) : text.nothingBooked}
              </p>
              <p className="text-muted text-sm">{text.lead}</p>
            </div>
            {next ? null : <LinkButton href="/pricing">{text.pricing}</LinkButton>}
            <DayForm text={{ dayLabel: text.dayLabel, go: text.go }} />
          </div>
        </section>
        <Lately now={now} locale={locale} text={text} />
        <Mailbox locale={locale} text={text} />
        <Outside text={text} />
      </div>
    </Shell>
  );
}

type Face = { readonly locale: Locale; readonly text: SandboxText };

async function Lately({ now, locale, text }: Face & { now: Date }) {
  const week = { from: new Date(now.getTime() - WEEK_MS), to: now };
  const happened = await listHappenings(week, await findOnlooker());
  return (
    <section aria-labelledby="lately" className="grid gap-3">
      <h2 id="lately" className="text-lg">
        {text.lately}
      </h2>
      {happened.length === 0 ? (
        <p className="text-muted">{text.nothingHappened}</p>
      ) : (
        <div className="rounded-card border border-line bg-surface p-6">
          <Happened happened={tellHappenings(happened, locale)} />
        </div>
      )}
    </section>
  );
}

async function Mailbox({ locale, text }: Face) {
  const mails = await listMessages(15);
  return (
    <section aria-labelledby="mailbox" className="grid gap-3">
      <header>
        <h2 id="mailbox" className="text-lg">
          {text.mailbox}
        </h2>
        <p className="text-muted text-sm">{text.mailboxNote}</p>
      </header>
      {mails.length === 0 ? <p className="text-muted">{text.noMail}</p> : null}
      <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6 empty:hidden">
        {mails.map(({ message, email }) => (
          <li key={message.id}>
            <details>
              <summary className="flex min-h-12 flex-wrap items-baseline justify-between gap-x-4 py-3 text-sm">
                <span lang="ko" className="font-medium">
                  {message.subject}
                </span>
                <span className="text-muted text-xs tabular-nums">
                  {email} · {formatInstant(message.createdAt, locale)}
                </span>
              </summary>
              <Letter body={message.body} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Outside({ text }: { text: SandboxText }) {
  const { TOSS_API_URL, INNGEST_DEV } = env();
  const links = [
    { href: TOSS_API_URL, name: text.toss, note: text.tossNote },
    ...(INNGEST_DEV ? [{ href: INNGEST_DEV, name: text.jobs, note: text.jobsNote }] : []),
  ];
  return (
    <section aria-labelledby="outside" className="grid gap-3">
      <h2 id="outside" className="text-lg">
        {text.links}
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {links.map(({ href, name, note }) => (
          <li key={href}>
            <a
              href={href}
              target="_blank"
              rel="noopener noreferrer"
              className="grid gap-0.5 rounded-card border border-line bg-surface p-5 transition-colors duration-150 hover:bg-sunken"
            >
              <span className="flex items-center gap-2 font-semibold">
                {name}
                <ExternalLink aria-hidden className="size-4 text-muted" />
              </span>
              <span className="text-muted text-sm">{note}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
