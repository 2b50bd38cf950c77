-- Nobody pays an invoice twice.
select c.id
from charges c
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and exists (
    select from charges other
    where other.invoice_id = c.invoice_id and other.status = 'approved' and other.id <> c.id)
