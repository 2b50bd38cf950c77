-- No invoice is paid without money that came in for exactly what is due of it, unless nothing is.
select i.id
from invoices i
where i.status = 'paid'
  and i.closed_at >= current_setting('maedal.since')::timestamptz
  and i.due_won > 0
  and not exists (
    select from charges c
    where c.invoice_id = i.id and c.status = 'approved' and c.amount_won = i.due_won)
