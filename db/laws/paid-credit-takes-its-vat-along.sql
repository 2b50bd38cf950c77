-- An eleventh of paid credit is VAT, rounded down, which moves in the same journal.
select l.journal_id as id
from ledger_entries l
where l.account in ('credit-paid', 'vat-of-credit')
  and l.occurred_at >= current_setting('maedal.since')::timestamptz
group by l.journal_id
having coalesce(sum(l.amount_won) filter (where l.account = 'vat-of-credit'), 0)
  <> -trunc(coalesce(sum(l.amount_won) filter (where l.account = 'credit-paid'), 0) / 11)
