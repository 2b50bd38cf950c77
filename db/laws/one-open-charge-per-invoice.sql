-- Never two attempts open at once: both could be approved.
select c.invoice_id as id
from charges c
where c.status in ('pending', 'unknown')
group by c.invoice_id
having count(*) > 1
