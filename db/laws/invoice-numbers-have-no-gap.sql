-- As many invoices bear a number of the year as the year's counter has given. Asked once a day, of all rows.
select n.year::text as id
from invoice_counters n
where current_setting('maedal.since')::timestamptz <= to_timestamp(0)
  and n.last <> (
    select count(*) from invoices i
    where i.number >= n.year || '-' and i.number < n.year || '.')
