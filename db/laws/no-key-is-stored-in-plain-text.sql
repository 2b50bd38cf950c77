-- Billing keys and auth keys are sealed: name of the key, nonce, tag and body, joined by dots.
select m.id
from payment_methods m
where m.created_at >= current_setting('maedal.since')::timestamptz
  and coalesce(m.billing_key_ciphertext, m.gone_key_ciphertext) !~ '^[^.]+\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]+$'
union all
select g.id
from card_registrations g
where g.status = 'pending'
  and g.auth_key_ciphertext !~ '^[^.]+\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]+$'
