-- What an operator gave is granted credit of the account it was given to.
select g.id
from credit_grants g
where g.granted_at >= current_setting('maedal.since')::timestamptz
  and g.amount_won is distinct from (
    select -sum(l.amount_won)
    from ledger_entries l
    where l.account_id = g.account_id and l.account = 'credit-granted' and l.journal_id = g.id)
