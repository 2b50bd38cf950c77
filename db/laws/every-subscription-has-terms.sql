-- What a contract consists of is written down: the entry of its terms that is in force, with the plan first.
select s.id
from subscriptions s
where s.updated_at >= current_setting('maedal.since')::timestamptz
  and not exists (
    select from subscription_terms t
      join subscription_items i on i.subscription_id = t.subscription_id and i.seq = t.seq and i.position = 0
    where t.subscription_id = s.id and t.seq = s.terms_seq)
