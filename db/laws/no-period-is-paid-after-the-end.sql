-- Nobody pays for days after the contract ended, unless the money went back. A contract that ends at once, with a
-- refund, may end on the first of its paid days.
select i.id
from invoices i
  join subscriptions s on s.id = i.subscription_id
  join charges c on c.invoice_id = i.id and c.status = 'approved'
where i.status = 'paid'
  and i.closed_at >= current_setting('maedal.since')::timestamptz
  and s.status = 'ended'
  and i.period_starts_on >= s.ended_on
  and not (s.end_reason = 'canceled-with-refund' and i.period_starts_on = s.ended_on)
  and c.refunded_won < c.amount_won
