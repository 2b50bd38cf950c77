-- Each period that counts as paid has a paid invoice, and no invoice is paid for a period that does not count.
select s.id
from subscriptions s
where s.updated_at >= current_setting('maedal.since')::timestamptz
  and s.n <> (
    select count(*) from invoices i
    where i.subscription_id = s.id and i.cycle = s.cycle and i.status = 'paid')
