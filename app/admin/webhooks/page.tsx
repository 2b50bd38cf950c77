import type { Metadata, Route } from "next";
import { z } from "zod";
import { replayWebhookAction } from "@/app/admin/webhooks/actions";
import { Sheet } from "@/components/admin/sheet";
import { WebhookGroups, WebhookRow } from "@/components/admin/webhooks";
import { adminText } from "@/components/text/admin";
import { ActionForm } from "@/components/ui/action-form";
import { Button, LinkButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { listWebhooks, type WebhookGroup } from "@/db/webhook";
import { deps } from "@/deps";
import { mayOperate, requireOperator } from "@/lib/auth/session";
import { env } from "@/lib/runtime/env";

const text = adminText.webhooks;

export const metadata: Metadata = { title: text.title };

const SHOWN = 20;

const GROUPS = ["payment", "card", "deposit", "other", "waiting"] as const;

/** What the address asks for. What makes no sense in it counts as missing. */
const Query = z.object({
  q: z.string().trim().min(1).max(200).nullable().catch(null).default(null),
  group: z.enum(GROUPS).nullable().catch(null).default(null),
  after: z
    .string()
    .regex(/^\d{1,13}\.[\w-]{1,64}$/)
    .transform((place) => {
      const [at, id = ""] = place.split(".");
      return { receivedAt: new Date(Number(at)), id };
    })
    .nullable()
    .catch(null)
    .default(null),
});
type Query = z.output<typeof Query>;

/** Toss's webhooks: what came, when, and what it caused. */
export default async function WebhooksPage({ searchParams }: PageProps<"/admin/webhooks">) {
  const operator = await requireOperator("/admin/webhooks");
  const query = Query.parse(await searchParams);
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
      <search className="grid gap-4">
        <form className="grid items-end gap-3 sm:grid-cols-[minmax(0,28rem)_auto] sm:justify-start">
          {query.group ? <input type="hidden" name="group" value={query.group} /> : null}
          <Field name="q" label={text.search} defaultValue={query.q ?? ""} maxLength={200} />
          <Button type="submit">{text.find}</Button>
        </form>
        <WebhookGroups
          groups={([null, ...GROUPS] as const).map((group) => ({
            href: hrefOf({ q: query.q, group }),
            label: text.groups[group ?? "all"],
            isCurrent: group === query.group,
          }))}
        />
      </search>
      <Inbox query={query} mayAct={mayOperate(operator)} />
    </div>
  );
}

async function Inbox({ query, mayAct }: { query: Query; mayAct: boolean }) {
  const { q, group, after } = query;
  const wanted = { search: q, group: group && inboxGroup(group), after };
  const found = await listWebhooks(wanted, SHOWN + 1);
  const shown = found.slice(0, SHOWN);
  const last = found.length > SHOWN ? shown.at(-1) : undefined;
  if (shown.length === 0) return <Nothing isFiltered={q !== null || group !== null} />;
  return (
    <>
      <Sheet>
        <ul className="divide-y divide-line">
          {shown.map((webhook) => (
            <WebhookRow
              key={webhook.id}
              webhook={webhook}
              orderHref={webhook.orderId ? hrefOf({ q: webhook.orderId, group: null }) : null}
            >
              {mayAct ? (
                <ActionForm action={replayWebhookAction}>
                  <input type="hidden" name="webhookId" value={webhook.id} />
                  <SubmitButton variant="secondary" wide pending={text.replaying}>
                    {text.replay}
                  </SubmitButton>
                </ActionForm>
              ) : null}
            </WebhookRow>
          ))}
        </ul>
      </Sheet>
      <nav aria-label={text.title} className="flex flex-wrap justify-between gap-3 empty:hidden">
        {after ? <LinkButton href={hrefOf({ q, group })}>{text.newest}</LinkButton> : null}
        {last ? (
          <LinkButton href={hrefOf({ q, group, after: last })}>{text.older}</LinkButton>
        ) : null}
      </nav>
    </>
  );
}

function inboxGroup(group: (typeof GROUPS)[number]): WebhookGroup {
  const { eventTypes } = deps().gateway.webhooks;
  switch (group) {
    case "payment":
    case "deposit":
    case "card":
      return { among: eventTypes[group] };
    case "other":
      return { besides: Object.values(eventTypes).flat() };
    case "waiting":
      return group;
    default:
      return group satisfies never;
  }
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { title, body } = isFiltered ? text.notFound : text.empty;
  return (
    <Sheet>
      <div className="grid justify-items-start gap-3 py-8">
        <h2 className="text-lg">{title}</h2>
        <p className="text-muted text-sm">{body}</p>
        {isFiltered ? (
          <LinkButton href="/admin/webhooks">{text.showAll}</LinkButton>
        ) : (
          <code className="break-all rounded-control bg-sunken px-4 py-3 text-sm">
            {new URL("/api/toss/webhook", env().APP_URL).href}
          </code>
        )}
      </div>
    </Sheet>
  );
}

function hrefOf({
  q,
  group,
  after = null,
}: Pick<Query, "q" | "group"> & { after?: Query["after"] }): Route {
  const query = new URLSearchParams({
    ...(q !== null && { q }),
    ...(group !== null && { group }),
    ...(after !== null && { after: `${after.receivedAt.getTime()}.${after.id}` }),
  });
  return `/admin/webhooks?${query}`;
}
