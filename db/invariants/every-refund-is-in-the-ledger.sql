-- Money that went back stands in the ledger, with its amount.
select r.id
from refunds r join charges c on c.id = r.charge_id
where r.status = 'done'
  and r.closed_at >= current_setting('maedal.since')::timestamptz
  and -r.amount_won is distinct from (
    select sum(l.amount_won)
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.refund_id = r.id and l.account = 'pg-clearing')
