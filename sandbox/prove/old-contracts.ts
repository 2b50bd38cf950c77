/**
 * A contract that is over stays as it was when it ended, whatever the same account orders next. The database itself
 * keeps, beside the product, a copy of all that belongs to a contract as the transaction that ended it left it.
 */
import type postgres from "postgres";

export type OldContract = {
  readonly subscription_id: string;
  readonly account_id: string;
  /** As text: the row, its terms and items, its invoices, its charges. */
  readonly kept: Readonly<Record<string, string>>;
  readonly now: Readonly<Record<string, string>>;
};

/** Run before anybody subscribes. A copy is taken at commit, when the rest of the ending is written too. */
export async function watchEnds(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema if not exists prove;
    create table prove.ended (subscription_id text primary key, contract jsonb not null);
    create function prove.contract_of(id text) returns jsonb language sql stable as $$
      select jsonb_build_object(
        'contract', (select (to_jsonb(s) - '{next_reminder_at,updated_at}'::text[])::text
          from subscriptions s where s.id = $1),
        'terms', (select jsonb_agg(t order by t.seq)::text
          from subscription_terms t where t.subscription_id = $1),
        'items', (select jsonb_agg(i order by i.seq, i.position)::text
          from subscription_items i where i.subscription_id = $1),
        'invoices', (select jsonb_agg(to_jsonb(i) - 'number' order by i.id)::text
          from invoices i where i.subscription_id = $1),
        -- A charge that is over may still be given back.
        'charges', (select jsonb_agg(jsonb_build_array(c.id, c.status, c.amount_won, c.payment_key) order by c.id)::text
          from charges c join invoices i on i.id = c.invoice_id where i.subscription_id = $1))
    $$;
    create function prove.keep_ended() returns trigger language plpgsql as $$
    begin
      insert into prove.ended values (new.id, prove.contract_of(new.id)) on conflict do nothing;
      return null;
    end $$;
    create constraint trigger prove_keep_ended after update on subscriptions deferrable initially deferred
      for each row when (new.ended_on is not null and old.ended_on is null)
      execute function prove.keep_ended();`);
}

export async function readOldContracts(sql: postgres.Sql): Promise<readonly OldContract[]> {
  return sql<OldContract[]>`
    select e.subscription_id, s.account_id, e.contract as kept, prove.contract_of(e.subscription_id) as now
    from prove.ended e join subscriptions s on s.id = e.subscription_id`;
}
