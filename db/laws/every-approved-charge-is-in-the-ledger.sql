-- Money that came in stands in the ledger, with its amount and its split into revenue and VAT.
select c.id
from charges c
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'pg-clearing'), 0) as amount_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'revenue'), 0) as supplied_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'vat-payable'), 0) as vat_won
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.charge_id = c.id and l.refund_id is null) booked
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and (c.amount_won, c.supplied_won, c.vat_won)
    is distinct from (booked.amount_won, booked.supplied_won, booked.vat_won)
