-- What customers owe stands in the ledger: what is due of an invoice while it is open, nothing once it is closed. What
-- it is for waits as unearned meanwhile: what is due, and the credit that is reserved for it without its VAT.
select i.id
from invoices i
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'receivable'), 0) as owed_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'unearned'), 0) as unearned_won
    from ledger_entries l
    where l.invoice_id = i.id) booked
  cross join lateral (
    select
      i.due_won as won,
      i.credit_used_granted_won + i.credit_used_paid_won - i.credit_used_paid_won / 11 as by_credit_won
    where i.status = 'open'
    union all
    select 0, 0
    where i.status <> 'open') claim
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
  and (booked.owed_won, booked.unearned_won) is distinct from (claim.won, claim.won + claim.by_credit_won)
