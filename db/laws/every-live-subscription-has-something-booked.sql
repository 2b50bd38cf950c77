-- A running subscription is booked to be looked at, or an attempt is open whose outcome books what comes next, or it
-- waits for an operator as a finding.
select s.id
from subscriptions s
where s.next_action_at is null
  and s.status in ('trialing', 'active', 'past-due')
  and not exists (
    select from invoices i join charges c on c.invoice_id = i.id
    where i.subscription_id = s.id and c.status in ('pending', 'unknown'))
  and not exists (
    select from renewal_findings f where f.subscription_id = s.id and f.resolved_at is null)
