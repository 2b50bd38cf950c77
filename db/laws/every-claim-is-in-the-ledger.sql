-- What customers owe stands in the ledger: what is due of an invoice while it is open, nothing once it is closed.
select i.id
from invoices i
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'receivable'), 0) as owed_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'unearned'), 0) as unearned_won
    from ledger_entries l
    where l.invoice_id = i.id) booked
  cross join lateral (select case i.status when 'open' then i.due_won else 0 end as won) claim
where i.id in (
    select l.invoice_id
    from ledger_entries l
    where l.occurred_at >= current_setting('maedal.since')::timestamptz
    union
    select c.invoice_id
    from charges c
    where c.created_at >= current_setting('maedal.since')::timestamptz
    union
    select lately.id
    from invoices lately
    where lately.closed_at >= current_setting('maedal.since')::timestamptz)
  and (booked.owed_won, booked.unearned_won) is distinct from (claim.won, claim.won)
