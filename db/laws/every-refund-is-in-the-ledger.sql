-- Money that went back stands in the ledger, with its amount and the VAT it takes back.
select r.id
from refunds r
  join charges c on c.id = r.charge_id
  cross join lateral (
    select
      coalesce(-sum(l.amount_won) filter (where l.account = 'pg-clearing'), 0) as amount_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'refunds'), 0) as supplied_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'vat-payable'), 0) as vat_won
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.refund_id = r.id) booked
where r.status = 'done'
  and r.closed_at >= current_setting('maedal.since')::timestamptz
  and (r.amount_won, r.supplied_won, r.vat_won)
    is distinct from (booked.amount_won, booked.supplied_won, booked.vat_won)
