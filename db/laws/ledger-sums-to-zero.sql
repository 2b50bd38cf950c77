-- Debits and credits of all accounts together are nothing.
select 'ledger' as id
from ledger_entries l
where l.occurred_at >= current_setting('maedal.since')::timestamptz
having sum(l.amount_won) <> 0
