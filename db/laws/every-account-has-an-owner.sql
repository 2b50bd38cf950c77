-- An account has an owner, and everybody who signs in is a member of an account.
select a.id
from accounts a
where a.created_at >= current_setting('maedal.since')::timestamptz
  and not exists (select from account_members m where m.account_id = a.id and m.role = 'owner')
union all
select u.id
from users u
where u.created_at >= current_setting('maedal.since')::timestamptz
  and not exists (select from account_members m where m.user_id = u.id)
