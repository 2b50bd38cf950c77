/**
 * What happened between two instants, as the books have it: for the sandbox's time machine, which tells what a leap of
 * the clock brought about. Who looks decides whose names and amounts are read at all.
 */
import { sql } from "drizzle-orm";
import { parseWon, type Won } from "@/lib/billing/money";
import { db } from "./client";

/** In the order in which they are told. */
export const HAPPENINGS = [
  "charged",
  "declined",
  "unknown",
  "refunded",
  "ended",
  "stopped",
  "mailed",
] as const;

export type HappeningKind = (typeof HAPPENINGS)[number];

/** Who looks: an operator sees everybody, a customer themselves, and everybody else only how much happened. */
export type Onlooker =
  | { readonly sees: "everybody" }
  | { readonly sees: "oneself"; readonly userId: string }
  | { readonly sees: "nobody" };

export type Happening = {
  readonly kind: HappeningKind;
  /** Of everybody. */
  readonly count: number;
  /** The won of all of them; null where no money moved, or where the onlooker may not see each. */
  readonly amountWon: Won | null;
  /** The first few that the onlooker may see, oldest first. */
  readonly items: readonly HappeningItem[];
  /** How many more the onlooker may see. */
  readonly moreCount: number;
};

export type HappeningItem = {
  readonly at: Date;
  /** Whom it happened to; null when it happened to the house. */
  readonly name: string | null;
  readonly amountWon: Won | null;
  /** A decline code, an end reason, the subject of a mail. */
  readonly detail: string | null;
};

const FIRST_FEW = 5;

type Row = {
  kind: HappeningKind;
  count: number;
  seen: number;
  amount_won: string | null;
  at: Date | string | null;
  name: string | null;
  item_won: string | null;
  detail: string | null;
};

/** What happened from `from` to `to`, both included; kinds of which nothing happened are left out. */
export async function listHappenings(
  { from, to }: { from: Date; to: Date },
  onlooker: Onlooker,
): Promise<readonly Happening[]> {
  const between = sql`between ${from.toISOString()} and ${to.toISOString()}`;
  const rows = await db().execute<Row>(sql`
    with happened as (
      select case c.status when 'approved' then 'charged' else 'declined' end as kind, c.closed_at as at,
        u.user_id, c.amount_won as won, c.decline_code as detail
      from charges c join account_members u on u.account_id = c.account_id and u.role = 'owner'
      where c.closed_at ${between} and c.status in ('approved', 'declined')
        and c.decline_code is distinct from 'WITHDRAWN'
      union all
      select 'unknown', c.called_at, u.user_id, c.amount_won, c.unknown_reason
      from charges c join account_members u on u.account_id = c.account_id and u.role = 'owner'
      where c.called_at ${between} and c.status = 'unknown'
      union all
      select 'refunded', r.closed_at, u.user_id, r.amount_won, null
      from refunds r join account_members u on u.account_id = r.account_id and u.role = 'owner'
      where r.closed_at ${between} and r.status = 'done'
      union all
      select 'ended', s.updated_at, u.user_id, null, s.end_reason
      from subscriptions s join account_members u on u.account_id = s.account_id and u.role = 'owner'
      where s.updated_at ${between} and s.status = 'ended' and s.end_reason <> 'expired'
      union all
      select 'stopped', started_at, null, null, reason from charging_stops where started_at ${between}
      union all
      select 'mailed', created_at, user_id, null, subject from messages where created_at ${between}
    ), judged as (
      select *, ${isSeen(onlooker)} as is_seen from happened
    ), counted as (
      select *,
        count(*) over (partition by kind)::int as count,
        count(*) filter (where is_seen) over (partition by kind)::int as seen,
        sum(won) over (partition by kind) as sum_won,
        row_number() over (partition by kind, is_seen order by at, user_id) as place
      from judged
    )
    select h.kind, h.count, h.seen, case when h.count = h.seen then h.sum_won end as amount_won,
      case when h.is_seen then h.at end as at, case when h.is_seen then p.name end as name,
      case when h.is_seen then h.won end as item_won, case when h.is_seen then h.detail end as detail
    from counted h left join users p on p.id = h.user_id
    where h.place <= case when h.is_seen then ${FIRST_FEW}::int when h.seen = 0 then 1 else 0 end
    order by h.at, h.user_id`);
  const told = HAPPENINGS.filter((kind) => kind !== "stopped" || onlooker.sees === "everybody");
  return told.flatMap((kind) => {
    const all = rows.filter((row) => row.kind === kind);
    const [first] = all;
    return first ? [readHappening(first, all)] : [];
  });
}

function readHappening({ kind, count, seen, amount_won }: Row, rows: readonly Row[]): Happening {
  const items = rows.flatMap(({ at, name, item_won, detail }) =>
    at === null ? [] : [{ at: new Date(at), name, amountWon: readWon(item_won), detail }],
  );
  return { kind, count, amountWon: readWon(amount_won), items, moreCount: seen - items.length };
}

function isSeen(onlooker: Onlooker) {
  switch (onlooker.sees) {
    case "everybody":
      return sql`true`;
    case "oneself":
      return sql`coalesce(user_id = ${onlooker.userId}, false)`;
    case "nobody":
      return sql`false`;
    default:
      return onlooker satisfies never;
  }
}

function readWon(amount: string | null): Won | null {
  return amount === null ? null : parseWon(Number(amount));
}
