-- What is charged is what the lines say: they sum to the total, or to what becomes credit where they are below zero.
select i.id
from invoices i
where i.issued_at >= current_setting('maedal.since')::timestamptz
  and i.total_won - i.credit_granted_won is distinct from (
    select sum((line->>'won')::bigint) from jsonb_array_elements(i.lines) line)
