import type { Route } from "next";
import type { ReactNode } from "react";
import { Code, Disclosure, type Fact, FactList } from "@/components/admin/sheet";
import { formatInstant } from "@/components/sandbox/instant";
import { adminText } from "@/components/text/admin";
import { Badge, type Tone } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { hasEffect, type WebhookResult } from "@/lib/billing/webhook/webhook";

const text = adminText.webhooks;

type Webhook = {
  readonly eventType: string;
  readonly orderId: string | null;
  readonly dedupeKey: string;
  readonly body: unknown;
  readonly verified: boolean | null;
  readonly address: string | null;
  readonly saidAt: Date | null;
  readonly receivedAt: Date;
  readonly lookAt: Date | null;
  readonly tries: number;
  readonly handledAt: Date | null;
  readonly result: WebhookResult | null;
};

/** One webhook: what came, when, what it caused, and beside or below that the button to look again. */
export function WebhookRow({
  webhook,
  orderHref,
  children,
}: {
  webhook: Webhook;
  /** Where all webhooks of its order are shown. */
  orderHref: Route | null;
  children?: ReactNode;
}) {
  const { eventType, result, handledAt, receivedAt } = webhook;
  const look = lookOf(webhook);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-4 py-6 lg:grid-cols-[minmax(0,1fr)_14rem]">
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="font-semibold text-base">{eventName(eventType)}</h2>
          <Badge tone={look.tone}>{look.word}</Badge>
        </div>
        <p className="text-sm">{result === null ? text.notYet : text.results[result]}</p>
        <Facts webhook={webhook} orderHref={orderHref} />
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          <time dateTime={receivedAt.toISOString()}>
            {text.received(formatInstant(receivedAt, "ko"))}
          </time>
          {handledAt ? (
            <time dateTime={handledAt.toISOString()}>
              {text.handled(formatInstant(handledAt, "ko"))}
            </time>
          ) : null}
        </p>
        <Body body={webhook.body} />
      </div>
      {children ? <div>{children}</div> : null}
    </li>
  );
}

/** The type is a stranger's word: only our own names count. */
function eventName(eventType: string): string {
  const name = Object.hasOwn(text.events, eventType) ? text.events[eventType] : undefined;
  return name ?? text.otherEvent;
}

function lookOf({ result, handledAt }: Webhook): { tone: Tone; word: string } {
  if (handledAt === null) return { tone: "info", word: text.badges.waiting };
  if (result === "secret-differs" || result === "unverified")
    return { tone: "warning", word: text.badges.doubted };
  return result !== null && hasEffect(result)
    ? { tone: "good", word: text.badges.caused }
    : { tone: "neutral", word: text.badges.same };
}

function Facts({ webhook, orderHref }: { webhook: Webhook; orderHref: Route | null }) {
  const { eventType, orderId, dedupeKey, verified, address, saidAt, lookAt, tries } = webhook;
  const facts: readonly Fact[] = [
    { label: text.facts.event, value: <Code>{eventType}</Code> },
    {
      label: text.facts.order,
      value:
        orderId !== null && orderHref !== null ? (
          <Link href={orderHref} className="underline underline-offset-4">
            <Code>{orderId}</Code>
          </Link>
        ) : null,
    },
    {
      label: text.facts.transmission,
      value: dedupeKey.startsWith("sha256:") ? null : <Code>{dedupeKey}</Code>,
    },
    { label: text.facts.saidAt, value: saidAt ? formatInstant(saidAt, "ko") : null },
    { label: text.facts.address, value: address ? <Code>{address}</Code> : null },
    {
      label: text.facts.signature,
      value: verified === null ? null : text.signature[verified ? "fits" : "differs"],
    },
    {
      label: text.facts.next,
      value: lookAt ? text.next(formatInstant(lookAt, "ko"), tries) : null,
    },
  ];
  return <FactList facts={facts} />;
}

/** What was kept of it, without what only Toss and we should know. */
function Body({ body }: { body: unknown }) {
  const kept = JSON.stringify(body, (name, value) => (name === "secret" ? "•••" : value), 2);
  return (
    <Disclosure title={text.body}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-control bg-sunken p-4 text-xs"
      >
        {kept}
      </pre>
    </Disclosure>
  );
}

/** The kinds to choose from, each an address, so that a choice can be shared. */
export function WebhookGroups({
  groups,
}: {
  groups: readonly { readonly href: Route; readonly label: string; readonly isCurrent: boolean }[];
}) {
  return (
    <nav aria-label={text.groupsLabel} className="flex flex-wrap gap-2">
      {groups.map(({ href, label, isCurrent }) => (
        <Link
          key={href}
          href={href}
          aria-current={isCurrent ? "true" : undefined}
          className="inline-flex min-h-11 items-center rounded-full px-4 font-medium text-muted text-sm ring-1 ring-line-strong ring-inset transition-colors duration-150 hover:text-ink aria-[current]:bg-ink aria-[current]:text-surface aria-[current]:ring-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
