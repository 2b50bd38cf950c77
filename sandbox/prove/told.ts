/**
 * Told is told: nothing is sent to Toss after its customer read that nothing more is charged, and nothing on a card they
 * read is deleted. The database itself writes down, beside the product, how the contract and the card stand at the
 * moment an attempt is marked as called; the line to Toss says whether the request left after that.
 */
import type postgres from "postgres";
import type { Finding } from "./books";
import type { TossCall } from "./toss-line";

/** The product locks the contract before it marks an attempt, so what is committed here by then is what was told. */
export async function watchCalls(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema if not exists prove;
    create table prove.calls (
      order_id text not null, account_id text not null, at timestamptz not null, told text);
    create function prove.watch_call() returns trigger language plpgsql as $$
    begin
      insert into prove.calls
      select new.order_id, new.account_id, clock_timestamp(), case
        when s.status = 'ended' then 'that the subscription has ended'
        when s.cancels_on is not null then 'that nothing more is charged'
        when p.delete_at is not null then 'that the card is deleted'
      end
      from invoices i
        left join subscriptions s on s.id = i.subscription_id
        left join payment_methods p on p.id = new.payment_method_id
      where i.id = new.invoice_id;
      return null;
    end $$;
    create trigger prove_watch_call after update of called_at on charges for each row
      when (new.called_at is distinct from old.called_at or new.repeats > old.repeats)
      execute function prove.watch_call();`);
}

type Mark = {
  readonly order_id: string;
  readonly account_id: string;
  readonly at: Date;
  readonly told: string | null;
};

export async function findBrokenWords(
  sql: postgres.Sql,
  calls: readonly TossCall[],
): Promise<readonly Finding[]> {
  const marks = await sql<Mark[]>`select * from prove.calls order by at`;
  if (marks.length === 0)
    return [{ kind: "told", subject: "", text: "no call was ever watched, so nothing is proved" }];
  return marks.flatMap(({ order_id: orderId, account_id: subject, at, told }) => {
    const sent = calls.find(
      (call) =>
        (call.operation === "charge" || call.operation === "confirm") &&
        call.orderId === orderId &&
        call.arrivedAt >= at,
    );
    if (told === null || !sent) return [];
    const text = `order ${orderId} was sent at ${sent.at.toISOString()}, after its customer was told ${told}`;
    return [{ kind: "told", subject, text }];
  });
}
