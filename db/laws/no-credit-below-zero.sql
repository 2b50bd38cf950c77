-- No account owns less than nothing of either kind of credit.
select l.account_id as id
from ledger_entries l
where l.account_id in (
    select r.account_id
    from ledger_entries r
    where r.account_id is not null
      and r.occurred_at >= current_setting('maedal.since')::timestamptz)
group by l.account_id, l.account
having sum(l.amount_won) > 0
