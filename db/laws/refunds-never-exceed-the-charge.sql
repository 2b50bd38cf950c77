-- What is set aside on a charge is the sum of its refunds, and never more than was paid.
select c.id
from charges c
where c.refunded_won > 0
  and (c.refunded_won > c.amount_won
    or c.refunded_won <> (
      select coalesce(sum(r.amount_won), 0)
      from refunds r where r.charge_id = c.id and r.status <> 'refused'))
union
select r.charge_id
from refunds r join charges c on c.id = r.charge_id
where r.status <> 'refused' and c.refunded_won = 0
