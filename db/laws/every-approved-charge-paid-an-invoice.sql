-- No money is kept for an invoice that is open, void or given up.
select c.id
from charges c join invoices i on i.id = c.invoice_id
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and i.status <> 'paid'
  and c.refunded_won < c.amount_won
