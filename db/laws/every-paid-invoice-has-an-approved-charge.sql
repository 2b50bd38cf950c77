-- No invoice is paid without money that came in for it.
select i.id
from invoices i
where i.status = 'paid'
  and i.closed_at >= current_setting('maedal.since')::timestamptz
  and not exists (select from charges c where c.invoice_id = i.id and c.status = 'approved')
