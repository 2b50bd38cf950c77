-- What a worker held and did not finish is taken up again within minutes, and what waits for its turn within hours; a
-- lease lasts minutes, and what is open is booked to be looked at or waits for a person.
select c.id
from charges c
where c.status in ('pending', 'unknown')
  and (c.settle_at < current_setting('maedal.now')::timestamptz
      - case when c.called_at is null then interval '6 hours' else interval '15 minutes' end
    or c.leased_until > current_setting('maedal.now')::timestamptz + interval '1 hour'
    or (c.settle_at is null and not c.needs_review))
union all
select r.id
from refunds r
where r.status in ('pending', 'unknown')
  and (r.settle_at < current_setting('maedal.now')::timestamptz - interval '15 minutes'
    or r.leased_until > current_setting('maedal.now')::timestamptz + interval '1 hour'
    or (r.settle_at is null and not r.needs_review))
union all
select g.id
from card_registrations g
where g.status = 'pending'
  and (g.next_try_at is null
    or g.next_try_at < current_setting('maedal.now')::timestamptz - interval '15 minutes')
