-- Each fact is booked on both sides.
select l.journal_id as id
from ledger_entries l
where l.occurred_at >= current_setting('maedal.since')::timestamptz
group by l.journal_id
having sum(l.amount_won) <> 0
