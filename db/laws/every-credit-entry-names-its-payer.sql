-- Credit moves for the account whose invoice it is, or to which it was granted.
select l.journal_id as id
from ledger_entries l
where l.account_id is not null
  and l.occurred_at >= current_setting('maedal.since')::timestamptz
  and l.account_id is distinct from coalesce(
    (select i.account_id from invoices i where i.id = l.invoice_id),
    (select g.account_id from credit_grants g where g.id = l.journal_id))
