-- The job that numbers paid invoices runs every five minutes.
select i.id
from invoices i
where i.status = 'paid'
  and i.number is null
  and i.closed_at < current_setting('maedal.now')::timestamptz - interval '30 minutes'
