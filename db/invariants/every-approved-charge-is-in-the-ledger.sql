-- Money that came in stands in the ledger, with its amount.
select c.id
from charges c
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and c.amount_won is distinct from (
    select sum(l.amount_won)
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.charge_id = c.id
      and l.account = 'pg-clearing' and l.refund_id is null)
