import { type ReactNode, useId } from "react";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { Badge, type Tone } from "@/components/ui/badge";

/** One kind of thing that waits for a person, with everything of that kind below it. */
export function TaskSection({
  title,
  tone,
  badge,
  lead,
  more,
  children,
}: {
  title: string;
  tone: Tone;
  badge: string;
  lead?: ReactNode;
  /** Said below a list that was cut short. */
  more?: string | undefined;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-surface">
      <header className="grid gap-1 px-6 pt-6 pb-5 sm:px-8">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 id={id} className="text-lg">
            {title}
          </h3>
          <Badge tone={tone}>{badge}</Badge>
        </div>
        {lead ? <p className="text-muted text-sm">{lead}</p> : null}
      </header>
      <ul className="divide-y divide-line border-line border-t px-6 empty:hidden sm:px-8">
        {children}
      </ul>
      {more ? (
        <p className="border-line border-t px-6 py-4 text-muted text-xs sm:px-8">{more}</p>
      ) : null}
    </section>
  );
}

/** One thing: what it is, how much, since when, what is known of it, and beside or below that what can be done. */
export function Task({
  title,
  amount,
  since,
  facts = [],
  children,
}: {
  title: ReactNode;
  amount?: ReactNode;
  since?: Date;
  facts?: readonly { readonly label: string; readonly value: ReactNode }[];
  children?: ReactNode;
}) {
  return (
    <li className="grid gap-x-10 gap-y-4 py-6 lg:grid-cols-[1fr_22rem]">
      <div className="grid content-start gap-2">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <p className="font-semibold">{title}</p>
          {amount}
        </div>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm empty:hidden">
          {facts.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0">{value}</dd>
            </div>
          ))}
        </dl>
        {since ? (
          <p className="text-muted text-xs">
            <time dateTime={since.toISOString()}>
              {adminText.since(formatInstant(since, "ko"))}
            </time>
          </p>
        ) : null}
      </div>
      {children ? <div>{children}</div> : null}
    </li>
  );
}

/** Everything that is as it should be, in one quiet list. */
export function QuietList({
  rows,
}: {
  rows: readonly { readonly title: string; readonly badge?: string; readonly line: string }[];
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="sr-only">
        {adminText.quietTitle}
      </h3>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
        {rows.map(({ title, badge, line }) => (
          <li
            key={title}
            className="grid gap-x-6 gap-y-1 py-4 sm:grid-cols-[12rem_1fr_auto] sm:items-center"
          >
            <p className="flex items-center justify-between gap-3 font-medium">
              {title}
              <span className="sm:hidden">
                <Badge tone={badge ? "neutral" : "good"}>{badge ?? adminText.quiet}</Badge>
              </span>
            </p>
            <p className="text-muted text-sm tabular-nums">{line}</p>
            <span className="hidden sm:inline">
              <Badge tone={badge ? "neutral" : "good"}>{badge ?? adminText.quiet}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
