-- The sweep runs every five minutes: nothing that is due waits for more than three of them.
select s.id
from subscriptions s
where s.next_action_at < current_setting('maedal.now')::timestamptz - interval '15 minutes'
