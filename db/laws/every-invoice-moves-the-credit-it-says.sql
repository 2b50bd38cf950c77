-- What an invoice used of its account's credit is reserved while it is open, released whole when it is void or
-- uncollectible, and used up once it is paid. Then its lines below zero and its top-up have become credit, of which a gift
-- is granted again, and what was forgiven is booked.
select i.id
from invoices i
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'credit-granted'), 0) as granted_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'credit-paid'), 0) as paid_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'forgiven'), 0) as forgiven_won
    from ledger_entries l
    where l.invoice_id = i.id) booked
  cross join lateral (
    select
      case when i.status in ('open', 'paid') then i.credit_used_granted_won else 0 end as used_granted_won,
      case when i.status in ('open', 'paid') then i.credit_used_paid_won else 0 end as used_paid_won,
      case i.status when 'paid' then i.credit_granted_won else 0 end as below_zero_won,
      case i.status when 'paid' then i.top_up_won else 0 end as top_up_won,
      case i.status when 'paid' then i.forgiven_won else 0 end as forgiven_won) said
where (i.closed_at is null or i.closed_at >= current_setting('maedal.since')::timestamptz)
  and (booked.forgiven_won <> said.forgiven_won
    or booked.granted_won + booked.paid_won
      <> said.used_granted_won + said.used_paid_won - said.below_zero_won - said.top_up_won
    or booked.granted_won not between said.used_granted_won - said.below_zero_won and said.used_granted_won)
