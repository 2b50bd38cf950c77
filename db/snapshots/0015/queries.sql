delete from "messages" where ("messages"."subscription_id" = any($1::text[]) and "messages"."sent_at" is null and "messages"."tries" = $2)
;
delete from "password_resets" where ("password_resets"."user_id" = $1 and "password_resets"."used_at" is null)
;
delete from "rate_limits" where "rate_limits"."key" = $1
;
delete from "rate_limits" where "rate_limits"."window_starts_at" < $1
;
delete from "sessions" where "sessions"."id" = $1
;
delete from "sessions" where "sessions"."id" in (select "id" from "sessions" where "sessions"."expires_at" <= $1 limit $2 for update skip locked)
;
delete from "sessions" where "sessions"."user_id" = $1
;
delete from "sessions" where ("sessions"."user_id" = $1 and "sessions"."id" <> $2)
;
delete from "user_identities" where "user_identities"."user_id" = $1
;
delete from "user_identities" where ("user_identities"."user_id" = $1 and "user_identities"."provider" not in ($2, $3))
;
delete from "webhook_events" where "webhook_events"."id" in (select "id" from "webhook_events" where ("webhook_events"."received_at" < $1 and "webhook_events"."handled_at" is not null) order by "webhook_events"."received_at" asc limit $2) returning "id"
;
delete from "webhook_events" where "webhook_events"."id" in (select "id" from "webhook_events" where (("webhook_events"."received_at" < $1 and "webhook_events"."result" in ($2, $3, $4, $5, $6)) and "webhook_events"."handled_at" is not null) order by "webhook_events"."received_at" asc limit $7) returning "id"
;
insert into "audit_log" ("at", "actor", "action", "subject_id", "details") select "at", "actor", "action", "subject_id", "details" from unnest($1::timestamp (3) with time zone[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) as x("at", "actor", "action", "subject_id", "details")
;
insert into "card_registrations" ("id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at") values ($1, $2, $3, $4, $5, $6, $7, default, default, $8, $9) on conflict do nothing returning "id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at"
;
insert into "charge_forecasts" ("day", "count", "amount_won", "made_at") values ($1, $2, $3, $4), ($5, $6, $7, $8), ($9, $10, $11, $12), ($13, $14, $15, $16), ($17, $18, $19, $20), ($21, $22, $23, $24), ($25, $26, $27, $28) on conflict ("day") do update set "count" = excluded.count, "amount_won" = excluded.amount_won, "made_at" = excluded.made_at
;
insert into "charges" ("id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "created_at", "settle_at") select "id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "created_at", "settle_at" from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::timestamp (3) with time zone[], $12::timestamp (3) with time zone[]) as x("id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "created_at", "settle_at") on conflict do nothing returning id
;
insert into "charges" ("id", "invoice_id", "customer_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "payment_key", "created_at", "settle_at") select "id", "invoice_id", "customer_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "payment_key", "created_at", "settle_at" from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::timestamp (3) with time zone[], $12::timestamp (3) with time zone[]) as x("id", "invoice_id", "customer_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "payment_key", "created_at", "settle_at") on conflict do nothing returning id
;
insert into "charging_stops" ("id", "kind", "reason", "started_at", "resumes_at", "released_at", "released_by") values ($1, $2, $3, $4, $5, default, default) on conflict do nothing returning "id"
;
insert into "checkouts" ("id", "customer_id", "price_id", "status", "amount_won", "trial_days", "order_id", "agreed_at", "terms_version", "created_at", "expires_at", "completed_at") values ($1, $2, $3, $4, $5, $6, $7, default, default, $8, $9, default)
;
insert into "consents" ("id", "subscription_id", "changes_on", "from_won", "to_won", "text_version", "agreed_at", "ip", "user_agent", "voided_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, default) on conflict do nothing returning "id", "subscription_id", "changes_on", "from_won", "to_won", "text_version", "agreed_at", "ip", "user_agent", "voided_at"
;
insert into "customers" ("id", "user_id", "customer_key", "created_at") values ($1, $2, $3, $4)
;
insert into "invariant_results" ("name", "ok", "count", "sample", "fault", "broken_since", "checked_at", "checked_all_at") values ($1, $2, $3, $4, $5, $6, $7, $8), ($9, $10, $11, $12, $13, $14, $15, $16), ($17, $18, $19, $20, $21, $22, $23, $24), ($25, $26, $27, $28, $29, $30, $31, $32), ($33, $34, $35, $36, $37, $38, $39, $40), ($41, $42, $43, $44, $45, $46, $47, $48), ($49, $50, $51, $52, $53, $54, $55, $56), ($57, $58, $59, $60, $61, $62, $63, $64), ($65, $66, $67, $68, $69, $70, $71, $72), ($73, $74, $75, $76, $77, $78, $79, $80), ($81, $82, $83, $84, $85, $86, $87, $88), ($89, $90, $91, $92, $93, $94, $95, $96), ($97, $98, $99, $100, $101, $102, $103, $104), ($105, $106, $107, $108, $109, $110, $111, $112), ($113, $114, $115, $116, $117, $118, $119, $120), ($121, $122, $123, $124, $125, $126, $127, $128), ($129, $130, $131, $132, $133, $134, $135, $136), ($137, $138, $139, $140, $141, $142, $143, $144) on conflict ("name") do update set "ok" = excluded.ok, "count" = excluded.count, "sample" = excluded.sample, "fault" = excluded.fault, "broken_since" = excluded.broken_since, "checked_at" = excluded.checked_at, "checked_all_at" = excluded.checked_all_at
;
insert into "invoice_counters" ("year", "last") values ($1, $2) on conflict do nothing
;
insert into "invoices" ("id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number") select "id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number" from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::bigint[], $9::date[], $10::date[], $11::timestamp (3) with time zone[], $12::timestamp (3) with time zone[], $13::text[]) as x("id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number") on conflict do nothing returning id
;
insert into "ledger_entries" ("journal_id", "account", "amount_won", "invoice_id", "charge_id", "refund_id", "occurred_at") select "journal_id", "account", "amount_won", "invoice_id", "charge_id", "refund_id", "occurred_at" from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamp (3) with time zone[]) as x("journal_id", "account", "amount_won", "invoice_id", "charge_id", "refund_id", "occurred_at")
;
insert into "messages" ("id", "user_id", "kind", "dedupe_key", "subject", "body", "created_at", "send_at") select "id", "user_id", "kind", "dedupe_key", "subject", "body", "created_at", "send_at" from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamp (3) with time zone[], $8::timestamp (3) with time zone[]) as x("id", "user_id", "kind", "dedupe_key", "subject", "body", "created_at", "send_at") on conflict do nothing returning id
;
insert into "messages" ("id", "user_id", "kind", "dedupe_key", "subject", "body", "subscription_id", "created_at", "send_at") select "id", "user_id", "kind", "dedupe_key", "subject", "body", "subscription_id", "created_at", "send_at" from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamp (3) with time zone[], $9::timestamp (3) with time zone[]) as x("id", "user_id", "kind", "dedupe_key", "subject", "body", "subscription_id", "created_at", "send_at") on conflict do nothing returning id
;
insert into "password_resets" ("token_hash", "user_id", "expires_at", "used_at") values ($1, $2, $3, default)
;
insert into "payment_methods" ("id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at") values ($1, $2, $3, $4, $5, default, default, $6, $7, $8, $9, $10, default, default, default)
;
insert into "plans" ("id", "kind", "product", "name", "description", "features", "entitlements", "active", "position") values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict ("id") do update set "kind" = $10, "product" = $11, "name" = $12, "description" = $13, "features" = $14, "entitlements" = $15, "active" = $16, "position" = $17
;
insert into "prices" ("id", "plan_id", "interval", "amount_won", "trial_days", "version", "active") values ($1, $2, $3, $4, $5, $6, $7)
;
insert into "rate_limits" ("key", "window_starts_at", "count") values ($1, $2, $3) on conflict ("key","window_starts_at") do update set "count" = "rate_limits"."count" + 1 returning "count"
;
insert into "reconciliation_findings" ("id", "day", "kind", "subject", "unexplained_won", "order_id", "payment_key", "transaction_key", "charge_id", "refund_id", "found_at", "last_seen_at", "cancel_key", "resolution", "note", "resolved_at", "resolved_by") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, default, default, default, default, default) on conflict ("subject") do update set "unexplained_won" = excluded.unexplained_won, "charge_id" = excluded.charge_id, "refund_id" = excluded.refund_id, "last_seen_at" = $13, "resolution" = case when "reconciliation_findings"."resolution" = 'vanished' then null else "reconciliation_findings"."resolution" end, "resolved_at" = case when "reconciliation_findings"."resolution" = 'vanished' then null else "reconciliation_findings"."resolved_at" end, "resolved_by" = case when "reconciliation_findings"."resolution" = 'vanished' then null else "reconciliation_findings"."resolved_by" end
;
insert into "reconciliations" ("id", "day", "started_at", "finished_at", "status", "failure", "transaction_count", "paid_won", "canceled_won", "unexplained_won") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
;
insert into "refunds" ("id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, default, default, default, default, default, default, default, default, $10, default, default, default, default, default, $11, default) returning "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at"
;
insert into "refunds" ("id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, default, default, default, default, default, default, default, default, $10, default, default, default, default, default, default, default) returning "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at"
;
insert into "sessions" ("id", "user_id", "started_at", "expires_at") values ($1, $2, $3, $4)
;
insert into "subscriptions" ("id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
;
insert into "user_identities" ("provider", "provider_account_id", "user_id") values ($1, $2, $3) on conflict do nothing
;
insert into "users" ("id", "email", "name", "password_hash", "role", "session_epoch", "created_at") values ($1, $2, $3, $4, default, default, $5) on conflict ("email") do nothing returning "id"
;
insert into "webhook_events" ("id", "dedupe_key", "event_type", "order_id", "body", "verified", "address", "said_at", "received_at", "look_at", "tries", "handled_at", "result") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, default, default, default) on conflict do nothing returning "id"
;
select "account", sum("amount_won") from "ledger_entries" where "ledger_entries"."occurred_at" <= $1 group by "ledger_entries"."account"
;
select "card_registrations"."id" from "card_registrations" inner join "payment_methods" on "payment_methods"."registration_id" = "card_registrations"."id" where ("card_registrations"."customer_id" = $1 and "card_registrations"."created_at" > $2 and "payment_methods"."delete_at" is null) limit $3
;
select "card_registrations"."id", "card_registrations"."customer_id", "card_registrations"."checkout_id", "card_registrations"."status", "card_registrations"."auth_key_hash", "card_registrations"."auth_key_ciphertext", "card_registrations"."idempotency_key", "card_registrations"."failure_code", "card_registrations"."tries", "card_registrations"."next_try_at", "card_registrations"."created_at", "payment_methods"."id" from "card_registrations" left join "payment_methods" on "payment_methods"."registration_id" = "card_registrations"."id" where "card_registrations"."checkout_id" = $1 order by "card_registrations"."created_at" desc, "card_registrations"."id" desc limit $2
;
select "card_registrations"."status", "card_registrations"."failure_code", "payment_methods"."id" from "card_registrations" left join "payment_methods" on "payment_methods"."registration_id" = "card_registrations"."id" where "card_registrations"."checkout_id" = $1 order by "card_registrations"."created_at" desc, "card_registrations"."id" desc limit $2
;
select "charge_id" from "refunds" where "refunds"."id" = $1
;
select "charge_id", sum("amount_won") from "refunds" where ("refunds"."charge_id" in ($1) and "refunds"."status" = $2) group by "refunds"."charge_id"
;
select "charge_id", sum("amount_won") from "refunds" where ("refunds"."charge_id" in ($1, $2) and "refunds"."status" = $3) group by "refunds"."charge_id"
;
select "charge_id", sum("amount_won") from "refunds" where ("refunds"."charge_id" in ($1, $2, $3) and "refunds"."status" = $4) group by "refunds"."charge_id"
;
select "charge_id", sum("amount_won") from "refunds" where (false and "refunds"."status" = $1) group by "refunds"."charge_id"
;
select "charges"."id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" where ("charges"."id" = any($1::text[]) and ("charges"."trigger" = $2 or "subscriptions"."status" = $3 or "subscriptions"."cancels_on" is not null or "subscriptions"."payment_method_id" is distinct from "charges"."payment_method_id" or "subscriptions"."amount_won" <> "charges"."amount_won"))
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" where ("invoices"."customer_id" = $1 and "charges"."payment_method_id" = $2) order by "charges"."created_at" desc, "charges"."id" desc limit $3
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" where ("invoices"."subscription_id" = $1 and ("charges"."status" <> $2 or "charges"."called_at" is not null)) order by "charges"."created_at" desc, "charges"."id" desc limit $3
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at", "invoices"."title", "customers"."user_id", coalesce("invoices"."subscription_id", "invoices"."id") from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" where "charges"."id" = $1 for update of "charges"
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at", "invoices"."title", "invoices"."number", "users"."email", (exists (
  select 1 from "password_resets"
  where "password_resets"."user_id" = "users"."id" and "password_resets"."used_at" is not null
) or exists (
  select 1 from "user_identities"
  where "user_identities"."user_id" = "users"."id" and "user_identities"."provider" in ($1, $2)
)), "payment_methods"."issuer_code", "payment_methods"."masked_number", "subscriptions"."id", "subscriptions"."customer_id", "subscriptions"."checkout_id", "subscriptions"."product", "subscriptions"."plan_id", "subscriptions"."price_id", "subscriptions"."amount_won", "subscriptions"."interval", "subscriptions"."status", "subscriptions"."payment_method_id", "subscriptions"."anchor_on", "subscriptions"."periods_paid", "subscriptions"."cancels_on", "subscriptions"."due_on", "subscriptions"."next_try_on", "subscriptions"."ends_unpaid_on", "subscriptions"."ended_on", "subscriptions"."end_reason", "subscriptions"."next_action_at", "subscriptions"."next_reminder_at", "subscriptions"."created_at", "subscriptions"."updated_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" left join "payment_methods" on "payment_methods"."id" = "charges"."payment_method_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" order by "charges"."id" desc limit $3
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at", "payment_methods"."issuer_code", "payment_methods"."masked_number" from "charges" left join "payment_methods" on "payment_methods"."id" = "charges"."payment_method_id" where "charges"."id" = any($1::text[])
;
select "charges"."id", "charges"."invoice_id", "charges"."customer_id", "charges"."payment_method_id", "charges"."trigger", "charges"."attempted_on", "charges"."order_id", "charges"."idempotency_key", "charges"."amount_won", "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."unknown_reason", "charges"."needs_review", "charges"."payment_key", "charges"."supplied_won", "charges"."vat_won", "charges"."taken_won", "charges"."receipt_url", "charges"."approved_at", "charges"."refunded_won", "charges"."created_at", "charges"."called_at", "charges"."leased_until", "charges"."key_spent", "charges"."repeats", "charges"."settle_tries", "charges"."settle_at", "charges"."closed_at", "subscriptions"."id", "subscriptions"."customer_id", "subscriptions"."checkout_id", "subscriptions"."product", "subscriptions"."plan_id", "subscriptions"."price_id", "subscriptions"."amount_won", "subscriptions"."interval", "subscriptions"."status", "subscriptions"."payment_method_id", "subscriptions"."anchor_on", "subscriptions"."periods_paid", "subscriptions"."cancels_on", "subscriptions"."due_on", "subscriptions"."next_try_on", "subscriptions"."ends_unpaid_on", "subscriptions"."ended_on", "subscriptions"."end_reason", "subscriptions"."next_action_at", "subscriptions"."next_reminder_at", "subscriptions"."created_at", "subscriptions"."updated_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" where "charges"."id" = $1
;
select "charges"."id", "charges"."order_id", "charges"."amount_won", "charges"."decline_code", "invoices"."title", "users"."email", "charges"."created_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" where ("charges"."closed_at" >= $1 and (("charges"."decline_class" = $2 and "charges"."decline_code" <> $3) or "charges"."decline_code" in ($4))) order by "charges"."closed_at" desc, "charges"."id" desc limit $5
;
select "charges"."id", "charges"."order_id", "charges"."amount_won", "charges"."idempotency_key", "charges"."payment_method_id", "charges"."payment_key", "charges"."trigger", "invoices"."title", "customers"."customer_key", "users"."email", "users"."name", "payment_methods"."billing_key_ciphertext" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" left join "payment_methods" on "payment_methods"."id" = "charges"."payment_method_id" where "charges"."id" = any($1::text[])
;
select "charges"."id", "charges"."order_id", "charges"."amount_won", "charges"."payment_method_id", "charges"."trigger", "charges"."settle_tries", "charges"."created_at", "charges"."leased_until", "charges"."taken_won", "invoices"."id", "invoices"."period_starts_on", "invoices"."subscription_id", "invoices"."checkout_id", "invoices"."title", "invoices"."total_won" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" where ("charges"."id" = any($1::text[]) and "charges"."status" in ($2, $3))
;
select "charges"."id", "charges"."order_id", "charges"."amount_won", "charges"."payment_method_id", "charges"."trigger", "charges"."settle_tries", "charges"."created_at", "charges"."leased_until", "charges"."taken_won", "invoices"."id", "invoices"."period_starts_on", "invoices"."subscription_id", "invoices"."checkout_id", "invoices"."title", "invoices"."total_won", "customers"."user_id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" where ("charges"."id" = any($1::text[]) and "charges"."status" in ($2, $3)) order by "charges"."id" asc for update of "charges", "invoices"
;
select "charges"."id", "charges"."order_id", "charges"."amount_won", "charges"."unknown_reason", "charges"."taken_won", "invoices"."title", "users"."email", "charges"."created_at" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" inner join "customers" on "customers"."id" = "charges"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" where "charges"."needs_review" = $1 order by "charges"."created_at" asc, "charges"."id" asc limit $2
;
select "charges"."order_id", "charges"."amount_won", "charges"."status", count("refunds"."id") from "charges" left join "refunds" on ("refunds"."charge_id" = "charges"."id" and "refunds"."status" = $1) where "charges"."id" = $2 group by "charges"."id"
;
select "charges"."status", "charges"."decline_code", "charges"."decline_class", "charges"."payment_method_id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" where ("invoices"."checkout_id" = $1 or "subscriptions"."checkout_id" = $2) order by "charges"."created_at" desc, "charges"."id" desc limit $3
;
select "checkouts"."id" from "checkouts" inner join "card_registrations" on "card_registrations"."checkout_id" = "checkouts"."id" inner join "payment_methods" on "payment_methods"."registration_id" = "card_registrations"."id" left join "subscriptions" on "subscriptions"."checkout_id" = "checkouts"."id" where ("checkouts"."status" = $1 and "card_registrations"."status" = $2 and "subscriptions"."id" is null and "payment_methods"."delete_at" is null and "payment_methods"."created_at" <= $3) group by "checkouts"."id" order by row_number() over (partition by "checkouts"."customer_id" order by "checkouts"."created_at"), "checkouts"."created_at" asc, "checkouts"."id" asc limit $4
;
select "checkouts"."id", "checkouts"."customer_id", "checkouts"."price_id", "checkouts"."status", "checkouts"."amount_won", "checkouts"."trial_days", "checkouts"."order_id", "checkouts"."agreed_at", "checkouts"."terms_version", "checkouts"."created_at", "checkouts"."expires_at", "checkouts"."completed_at", "prices"."id", "prices"."plan_id", "prices"."interval", "prices"."amount_won", "prices"."trial_days", "prices"."version", "prices"."active", "plans"."id", "plans"."kind", "plans"."product", "plans"."name", "plans"."description", "plans"."features", "plans"."entitlements", "plans"."active", "plans"."position" from "checkouts" inner join "prices" on "prices"."id" = "checkouts"."price_id" inner join "plans" on "plans"."id" = "prices"."plan_id" where "checkouts"."id" = $1 for update of "checkouts"
;
select "checkouts"."id", "checkouts"."customer_id", "checkouts"."price_id", "checkouts"."status", "checkouts"."amount_won", "checkouts"."trial_days", "checkouts"."order_id", "checkouts"."agreed_at", "checkouts"."terms_version", "checkouts"."created_at", "checkouts"."expires_at", "checkouts"."completed_at", "prices"."id", "prices"."plan_id", "prices"."interval", "prices"."amount_won", "prices"."trial_days", "prices"."version", "prices"."active", "plans"."id", "plans"."kind", "plans"."product", "plans"."name", "plans"."description", "plans"."features", "plans"."entitlements", "plans"."active", "plans"."position" from "checkouts" inner join "prices" on "prices"."id" = "checkouts"."price_id" inner join "plans" on "plans"."id" = "prices"."plan_id" where ("checkouts"."id" = $1 and "checkouts"."customer_id" = $2)
;
select "closed_at" from "invoices" where ("invoices"."status" = $1 and "invoices"."number" is null) order by "invoices"."closed_at" asc, "invoices"."id" asc limit $2
;
select "customer_id" from "checkouts" where "checkouts"."id" = $1
;
select "day" from "charge_forecasts" where "charge_forecasts"."day" < $1 limit $2
;
select "day", "count", "amount_won", "made_at" from "charge_forecasts" where "charge_forecasts"."day" = $1
;
select "day", sum("unexplained_won") from "reconciliation_findings" where "reconciliation_findings"."resolved_at" is null group by "reconciliation_findings"."day"
;
select "email", "name", "role" from "users" where "users"."role" <> $1 order by "users"."email"
;
select "id" from "charges" where "charges"."order_id" = $1
;
select "id" from "charges" where "charges"."settle_at" <= $1 limit $2
;
select "id" from "charges" where ("charges"."payment_method_id" = $1 and "charges"."status" in ($2, $3) and "charges"."called_at" is not null) limit $4
;
select "id" from "charges" where ("charges"."status" = $1 and "charges"."settle_at" > $2) limit $3
;
select "id" from "charging_stops" where ("charging_stops"."released_at" is null and "charging_stops"."resumes_at" <= $1) limit $2
;
select "id" from "charging_stops" where ("charging_stops"."released_at" is null and ("charging_stops"."resumes_at" is null or "charging_stops"."resumes_at" > $1)) limit $2
;
select "id" from "checkouts" where "checkouts"."id" = any($1::text[]) order by "checkouts"."id" asc for update
;
select "id" from "refunds" where "refunds"."settle_at" <= $1 limit $2
;
select "id" from "users" where "users"."role" in ($1, $2) order by "users"."id" for update
;
select "id" from "webhook_events" where ("webhook_events"."handled_at" is null and "webhook_events"."look_at" <= $1) order by "webhook_events"."tries" asc, "webhook_events"."look_at" asc, "webhook_events"."id" asc limit $2
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."charge_id" = $1 order by "refunds"."created_at" asc, "refunds"."id" asc
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."charge_id" in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62) order by "refunds"."created_at" asc, "refunds"."id" asc
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."id" = $1
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."id" = $1 for update
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."request_id" = $1
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where "refunds"."transaction_key" = any($1::text[])
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where ("refunds"."canceled_at" >= $1 and "refunds"."canceled_at" < $2)
;
select "id", "charge_id", "customer_id", "request_id", "amount_won", "reason", "requested_by", "status", "idempotency_key", "lock_won", "refused_code", "unknown_reason", "needs_review", "transaction_key", "supplied_won", "vat_won", "canceled_at", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "refunds" where ("refunds"."charge_id" = $1 and "refunds"."status" in ($2, $3) and "refunds"."called_at" is not null)
;
select "id", "customer_id", "checkout_id" from "card_registrations" where ("card_registrations"."status" = 'pending' and "card_registrations"."next_try_at" <= $1) order by row_number() over (partition by "card_registrations"."customer_id" order by "card_registrations"."next_try_at"), "card_registrations"."next_try_at" asc limit $2
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where "subscriptions"."checkout_id" = $1 for update
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where "subscriptions"."id" in (select "invoices"."subscription_id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" where ("charges"."id" = any($1::text[]) and "invoices"."subscription_id" is not null)) order by "subscriptions"."id" asc for update
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where "subscriptions"."next_action_at" <= $1 order by "subscriptions"."next_action_at" asc, "subscriptions"."id" asc limit $2 for update skip locked
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where "subscriptions"."next_reminder_at" <= $1 order by "subscriptions"."next_reminder_at" asc, "subscriptions"."id" asc limit $2 for update skip locked
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where ("subscriptions"."customer_id" = $1 and "subscriptions"."product" = $2 and "subscriptions"."status" <> $3) for update
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where ("subscriptions"."customer_id" = $1 and "subscriptions"."status" <> $2) order by "subscriptions"."id" asc for update
;
select "id", "customer_id", "checkout_id", "product", "plan_id", "price_id", "amount_won", "interval", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at", "created_at", "updated_at" from "subscriptions" where ("subscriptions"."id" = $1 and "subscriptions"."customer_id" = $2) for update
;
select "id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at" from "card_registrations" where "card_registrations"."auth_key_hash" = $1
;
select "id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at" from "card_registrations" where "card_registrations"."id" = $1 for update
;
select "id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at" from "card_registrations" where ("card_registrations"."id" = $1 and "card_registrations"."customer_id" = $2)
;
select "id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number" from "invoices" where "invoices"."checkout_id" = $1
;
select "id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number" from "invoices" where ("invoices"."subscription_id" = any($1::text[]) and "invoices"."period_starts_on" = any($2::date[]))
;
select "id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number" from "invoices" where ("invoices"."subscription_id" = any($1::text[]) and "invoices"."status" = $2)
;
select "id", "customer_id", "price_id", "status", "amount_won", "trial_days", "order_id", "agreed_at", "terms_version", "created_at", "expires_at", "completed_at" from "checkouts" where ("checkouts"."status" = $1 and "checkouts"."expires_at" <= $2 and not exists (select "charges"."id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" where ("charges"."status" in ($3, $4) and coalesce("subscriptions"."checkout_id", "invoices"."checkout_id") = "checkouts"."id"))) order by "checkouts"."expires_at" asc limit $5 for update skip locked
;
select "id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at" from "payment_methods" where "payment_methods"."billing_key_fingerprint" = $1
;
select "id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at" from "payment_methods" where "payment_methods"."id" = $1 for update
;
select "id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at" from "payment_methods" where "payment_methods"."registration_id" = $1
;
select "id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at" from "payment_methods" where ("payment_methods"."id" = $1 and "payment_methods"."delete_at" is null)
;
select "id", "day", "kind", "subject", "unexplained_won", "order_id", "payment_key", "transaction_key", "charge_id", "refund_id", "found_at", "last_seen_at", "cancel_key", "resolution", "note", "resolved_at", "resolved_by" from "reconciliation_findings" where "reconciliation_findings"."day" = $1 order by "reconciliation_findings"."found_at" asc, "reconciliation_findings"."id" asc
;
select "id", "day", "kind", "subject", "unexplained_won", "order_id", "payment_key", "transaction_key", "charge_id", "refund_id", "found_at", "last_seen_at", "cancel_key", "resolution", "note", "resolved_at", "resolved_by" from "reconciliation_findings" where "reconciliation_findings"."id" = $1
;
select "id", "day", "kind", "subject", "unexplained_won", "order_id", "payment_key", "transaction_key", "charge_id", "refund_id", "found_at", "last_seen_at", "cancel_key", "resolution", "note", "resolved_at", "resolved_by" from "reconciliation_findings" where "reconciliation_findings"."id" = $1 for update
;
select "id", "day", "kind", "subject", "unexplained_won", "order_id", "payment_key", "transaction_key", "charge_id", "refund_id", "found_at", "last_seen_at", "cancel_key", "resolution", "note", "resolved_at", "resolved_by" from "reconciliation_findings" where "reconciliation_findings"."resolved_at" is null order by "reconciliation_findings"."found_at" asc, "reconciliation_findings"."id" asc limit $1
;
select "id", "day", "started_at", "finished_at", "status", "failure", "transaction_count", "paid_won", "canceled_won", "unexplained_won" from "reconciliations" where "reconciliations"."id" in (select distinct on ("reconciliations"."day") "id" from "reconciliations" order by "reconciliations"."day" desc, "reconciliations"."finished_at" desc limit $1) order by "reconciliations"."day" desc
;
select "id", "dedupe_key", "event_type", "order_id", "body", "verified", "address", "said_at", "received_at", "look_at", "tries", "handled_at", "result" from "webhook_events" order by "webhook_events"."received_at" desc, "webhook_events"."id" desc limit $1
;
select "id", "dedupe_key", "event_type", "order_id", "body", "verified", "address", "said_at", "received_at", "look_at", "tries", "handled_at", "result" from "webhook_events" where "webhook_events"."id" = $1
;
select "id", "dedupe_key", "event_type", "order_id", "body", "verified", "address", "said_at", "received_at", "look_at", "tries", "handled_at", "result" from "webhook_events" where ("webhook_events"."id" = $1 and "webhook_events"."handled_at" is null) for update
;
select "id", "email" from "users" where "users"."id" = any($1::text[])
;
select "id", "email", "name", "password_hash", "role", "session_epoch", "created_at" from "users" where "users"."email" = $1
;
select "id", "email", "name", "password_hash", "role", "session_epoch", "created_at" from "users" where "users"."email" = $1 for update
;
select "id", "email", "name", "password_hash", "role", "session_epoch", "created_at" from "users" where "users"."id" = $1 for update
;
select "id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "decline_code", "decline_class", "unknown_reason", "needs_review", "payment_key", "supplied_won", "vat_won", "taken_won", "receipt_url", "approved_at", "refunded_won", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "charges" where "charges"."invoice_id" = $1 order by "charges"."created_at" asc, "charges"."id" asc
;
select "id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "decline_code", "decline_class", "unknown_reason", "needs_review", "payment_key", "supplied_won", "vat_won", "taken_won", "receipt_url", "approved_at", "refunded_won", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at" from "charges" where ("charges"."invoice_id" = $1 and "charges"."status" in ($2, $3))
;
select "id", "issuer_code", "masked_number", "card_type", "owner_type", "created_at" from "payment_methods" where ("payment_methods"."id" = $1 and "payment_methods"."customer_id" = $2 and "payment_methods"."gone_at" is null)
;
select "id", "kind", "reason", "started_at", "resumes_at", "released_at", "released_by" from "charging_stops" order by "charging_stops"."released_at" is null desc, "charging_stops"."started_at" desc limit $1
;
select "id", "kind", "reason", "started_at", "resumes_at", "released_at", "released_by" from "charging_stops" where "charging_stops"."id" = $1 for update
;
select "id", "name" from "plans" where "plans"."id" = any($1::text[])
;
select "id", "next_call_at", "unknowns_in_a_row" from "call_pacing" where "call_pacing"."id" = $1 for update
;
select "id", "order_id", "payment_key", "status", "amount_won", "approved_at" from "charges" where "charges"."id" = any($1::text[])
;
select "id", "order_id", "payment_key", "status", "amount_won", "approved_at" from "charges" where "charges"."order_id" = any($1::text[])
;
select "id", "order_id", "payment_key", "status", "amount_won", "approved_at" from "charges" where ("charges"."approved_at" >= $1 and "charges"."approved_at" < $2)
;
select "id", "plan_id", "interval", "amount_won", "trial_days", "version", "active" from "prices" where "prices"."plan_id" = $1
;
select "id", "subscription_id", "changes_on", "from_won", "to_won", "text_version", "agreed_at", "ip", "user_agent", "voided_at" from "consents" where "consents"."subscription_id" = $1
;
select "id", "subscription_id", "changes_on", "from_won", "to_won", "text_version", "agreed_at", "ip", "user_agent", "voided_at" from "consents" where "consents"."subscription_id" = any($1::text[])
;
select "id", "user_id", "customer_key", "created_at" from "customers" where "customers"."id" = $1
;
select "id", "user_id", "customer_key", "created_at" from "customers" where "customers"."id" = $1 for no key update
;
select "invoice_id", "payment_method_id", "decline_code", count(*)::int from "charges" where ("charges"."invoice_id" = any($1::text[]) and "charges"."status" = $2) group by "charges"."invoice_id", "charges"."payment_method_id", "charges"."decline_code"
;
select "invoices"."id", "invoices"."customer_id", "invoices"."checkout_id", "invoices"."subscription_id", "invoices"."status", "invoices"."title", "invoices"."lines", "invoices"."total_won", "invoices"."period_starts_on", "invoices"."period_ends_on", "invoices"."issued_at", "invoices"."closed_at", "invoices"."number", "newest"."id", "plans"."name", "prices"."interval" from "invoices" inner join (select distinct on ("charges"."invoice_id") "charges"."id", "charges"."invoice_id" from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" where ("invoices"."customer_id" = $1 and ("charges"."status" <> $2 or "charges"."called_at" is not null)) order by "charges"."invoice_id", "charges"."created_at" desc, "charges"."id" desc) "newest" on "newest"."invoice_id" = "invoices"."id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" left join "checkouts" on "checkouts"."id" = "invoices"."checkout_id" left join "prices" on "prices"."id" = coalesce("subscriptions"."price_id", "checkouts"."price_id") left join "plans" on "plans"."id" = "prices"."plan_id" order by "invoices"."issued_at" desc, "invoices"."id" desc limit $3
;
select "messages"."id", "messages"."user_id", "messages"."kind", "messages"."dedupe_key", "messages"."subject", "messages"."body", "messages"."subscription_id", "messages"."created_at", "messages"."send_at", "messages"."sent_at", "messages"."tries", "users"."email" from "messages" inner join "users" on "users"."id" = "messages"."user_id" order by "messages"."created_at" desc, "messages"."id" desc limit $1
;
select "name" from "plans" where "plans"."id" = $1
;
select "name", "ok", "count", "sample", "fault", "broken_since", "checked_at", "checked_all_at" from "invariant_results" order by "invariant_results"."ok" asc, "invariant_results"."name" asc
;
select "name", "ok", "count", "sample", "fault", "broken_since", "checked_at", "checked_all_at" from "invariant_results" where "invariant_results"."name" = any($1::text[]) order by "invariant_results"."name" asc for update
;
select "payment_methods"."id" from "payment_methods" inner join "card_registrations" on "card_registrations"."id" = "payment_methods"."registration_id" where "card_registrations"."checkout_id" = $1
;
select "payment_methods"."id", "payment_methods"."issuer_code", "payment_methods"."masked_number", "payment_methods"."delete_tries", "payment_methods"."delete_at", "users"."email" from "payment_methods" inner join "customers" on "customers"."id" = "payment_methods"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" where ("payment_methods"."delete_at" is not null and "payment_methods"."deleted_at" is null and "payment_methods"."delete_tries" >= $1) order by "payment_methods"."delete_at" asc, "payment_methods"."id" asc limit $2
;
select "plans"."id", "plans"."kind", "plans"."product", "plans"."name", "plans"."description", "plans"."features", "plans"."entitlements", "plans"."active", "plans"."position", "prices"."id", "prices"."plan_id", "prices"."interval", "prices"."amount_won", "prices"."trial_days", "prices"."version", "prices"."active" from "prices" inner join "plans" on "plans"."id" = "prices"."plan_id" where ("plans"."active" = $1 and "prices"."active" = $2) order by "plans"."position" asc, "plans"."id" asc, "prices"."amount_won" asc
;
select "prices"."id", "prices"."plan_id", "prices"."interval", "prices"."amount_won", "prices"."trial_days", "prices"."version", "prices"."active", "plans"."id", "plans"."kind", "plans"."product", "plans"."name", "plans"."description", "plans"."features", "plans"."entitlements", "plans"."active", "plans"."position" from "prices" inner join "plans" on "plans"."id" = "prices"."plan_id" where "prices"."id" = $1
;
select "refunds"."id", "refunds"."amount_won", "refunds"."reason", "refunds"."status", "refunds"."refused_code", "refunds"."unknown_reason", "refunds"."needs_review", "charges"."order_id", "users"."email", "refunds"."created_at" from "refunds" inner join "charges" on "charges"."id" = "refunds"."charge_id" inner join "customers" on "customers"."id" = "refunds"."customer_id" inner join "users" on "users"."id" = "customers"."user_id" where ("refunds"."canceled_at" is null and ("refunds"."status" in ($1, $2) or ("refunds"."closed_at" >= $3 and "refunds"."refused_code" <> $4))) order by "refunds"."needs_review" desc, "refunds"."created_at" desc, "refunds"."id" desc limit $5
;
select "started_at", "released_at" from "charging_stops" where ("charging_stops"."kind" = $1 and "charging_stops"."released_at" is not null) order by "charging_stops"."released_at" desc limit $2
;
select "status" from "checkouts" where ("checkouts"."id" = $1 and "checkouts"."customer_id" = $2)
;
select "subscriptions"."id", "customers"."user_id" from "subscriptions" inner join "customers" on "customers"."id" = "subscriptions"."customer_id" where "subscriptions"."id" = any($1::text[])
;
select "subscriptions"."id", "subscriptions"."customer_id", "subscriptions"."checkout_id", "subscriptions"."product", "subscriptions"."plan_id", "subscriptions"."price_id", "subscriptions"."amount_won", "subscriptions"."interval", "subscriptions"."status", "subscriptions"."payment_method_id", "subscriptions"."anchor_on", "subscriptions"."periods_paid", "subscriptions"."cancels_on", "subscriptions"."due_on", "subscriptions"."next_try_on", "subscriptions"."ends_unpaid_on", "subscriptions"."ended_on", "subscriptions"."end_reason", "subscriptions"."next_action_at", "subscriptions"."next_reminder_at", "subscriptions"."created_at", "subscriptions"."updated_at", "plans"."name", "checkouts"."status" from "subscriptions" inner join "plans" on "plans"."id" = "subscriptions"."plan_id" inner join "checkouts" on "checkouts"."id" = "subscriptions"."checkout_id" where ("subscriptions"."customer_id" = $1 and "subscriptions"."checkout_id" = $2)
;
select "subscriptions"."id", "subscriptions"."customer_id", "subscriptions"."checkout_id", "subscriptions"."product", "subscriptions"."plan_id", "subscriptions"."price_id", "subscriptions"."amount_won", "subscriptions"."interval", "subscriptions"."status", "subscriptions"."payment_method_id", "subscriptions"."anchor_on", "subscriptions"."periods_paid", "subscriptions"."cancels_on", "subscriptions"."due_on", "subscriptions"."next_try_on", "subscriptions"."ends_unpaid_on", "subscriptions"."ended_on", "subscriptions"."end_reason", "subscriptions"."next_action_at", "subscriptions"."next_reminder_at", "subscriptions"."created_at", "subscriptions"."updated_at", "plans"."name", "checkouts"."status" from "subscriptions" inner join "plans" on "plans"."id" = "subscriptions"."plan_id" inner join "checkouts" on "checkouts"."id" = "subscriptions"."checkout_id" where ("subscriptions"."customer_id" = $1 and "subscriptions"."product" = $2) order by "subscriptions"."created_at" desc, "subscriptions"."id" desc limit $3
;
select "subscriptions"."product" from "subscriptions" inner join "checkouts" on "checkouts"."id" = "subscriptions"."checkout_id" where ("subscriptions"."customer_id" = $1 and "checkouts"."status" = $2)
;
select "users"."email" from "password_resets" inner join "users" on "users"."id" = "password_resets"."user_id" where ("password_resets"."token_hash" = $1 and "password_resets"."used_at" is null and "password_resets"."expires_at" > $2)
;
select "users"."id", "users"."email", "users"."name", "users"."password_hash", "users"."role", "users"."session_epoch", "users"."created_at" from "user_identities" inner join "users" on "users"."id" = "user_identities"."user_id" where ("user_identities"."provider" = $1 and "user_identities"."provider_account_id" = $2)
;
select "users"."id", "users"."email", "users"."name", "users"."role", "users"."session_epoch", "customers"."id", "customers"."customer_key" from "sessions" inner join "users" on "users"."id" = "sessions"."user_id" inner join "customers" on "customers"."user_id" = "users"."id" where ("sessions"."id" = $1 and "sessions"."expires_at" > $2 and ("users"."role" = $3 or "sessions"."started_at" > $4))
;
select "users"."id", "users"."email", "users"."name", "users"."role", "users"."session_epoch", "customers"."id", "customers"."customer_key" from "users" inner join "customers" on "customers"."user_id" = "users"."id" where "users"."id" = $1
;
select "year", "last" from "invoice_counters" where "invoice_counters"."year" = $1 for update
;
select (exists (
  select 1 from "password_resets"
  where "user_id" = "id" and "used_at" is not null
) or exists (
  select 1 from "user_identities"
  where "user_id" = "id" and "user_identities"."provider" in ($1, $2)
)) from "users" where "users"."id" = $3
;
select coalesce("subscriptions"."checkout_id", "invoices"."checkout_id") from "charges" inner join "invoices" on "invoices"."id" = "charges"."invoice_id" left join "subscriptions" on "subscriptions"."id" = "invoices"."subscription_id" where ("charges"."id" = any($1::text[]) and ("invoices"."subscription_id" is null or "subscriptions"."status" = $2))
;
select coalesce(sum("unexplained_won"), 0), count(*)::int from "reconciliation_findings" where ("reconciliation_findings"."day" = $1 and "reconciliation_findings"."resolved_at" is null)
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- A running subscription is booked to be looked at, or an attempt is open whose outcome books what comes next.
select s.id
from subscriptions s
where s.next_action_at is null
  and s.status in ('trialing', 'active', 'past-due')
  and not exists (
    select from invoices i join charges c on c.invoice_id = i.id
    where i.subscription_id = s.id and c.status in ('pending', 'unknown'))) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- As many invoices bear a number of the year as the year's counter has given. Asked once a day, of all rows.
select n.year::text as id
from invoice_counters n
where current_setting('maedal.since')::timestamptz <= to_timestamp(0)
  and n.last <> (
    select count(*) from invoices i
    where i.number >= n.year || '-' and i.number < n.year || '.')) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Billing keys and auth keys are sealed: name of the key, nonce, tag and body, joined by dots.
select m.id
from payment_methods m
where m.created_at >= current_setting('maedal.since')::timestamptz
  and coalesce(m.billing_key_ciphertext, m.gone_key_ciphertext) !~ '^[^.]+\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]+$'
union all
select g.id
from card_registrations g
where g.status = 'pending'
  and g.auth_key_ciphertext !~ '^[^.]+\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]+$') as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Debits and credits of all accounts together are nothing.
select 'ledger' as id
from ledger_entries l
where l.occurred_at >= current_setting('maedal.since')::timestamptz
having sum(l.amount_won) <> 0) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Each fact is booked on both sides.
select l.journal_id as id
from ledger_entries l
where l.occurred_at >= current_setting('maedal.since')::timestamptz
group by l.journal_id
having sum(l.amount_won) <> 0) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Each period that counts as paid has a paid invoice, and no invoice is paid for a period that does not count.
select s.id
from subscriptions s
where s.updated_at >= current_setting('maedal.since')::timestamptz
  and s.periods_paid <> (
    select count(*) from invoices i where i.subscription_id = s.id and i.status = 'paid')) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Money that came in stands in the ledger, with its amount and its split into revenue and VAT.
select c.id
from charges c
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'pg-clearing'), 0) as amount_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'revenue'), 0) as supplied_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'vat-payable'), 0) as vat_won
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.charge_id = c.id and l.refund_id is null) booked
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and (c.amount_won, c.supplied_won, c.vat_won)
    is distinct from (booked.amount_won, booked.supplied_won, booked.vat_won)) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Money that went back stands in the ledger, with its amount and the VAT it takes back.
select r.id
from refunds r
  join charges c on c.id = r.charge_id
  cross join lateral (
    select
      coalesce(-sum(l.amount_won) filter (where l.account = 'pg-clearing'), 0) as amount_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'refunds'), 0) as supplied_won,
      coalesce(sum(l.amount_won) filter (where l.account = 'vat-payable'), 0) as vat_won
    from ledger_entries l
    where l.invoice_id = c.invoice_id and l.refund_id = r.id) booked
where r.status = 'done'
  and r.closed_at >= current_setting('maedal.since')::timestamptz
  and (r.amount_won, r.supplied_won, r.vat_won)
    is distinct from (booked.amount_won, booked.supplied_won, booked.vat_won)) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Never two attempts open at once: both could be approved.
select c.invoice_id as id
from charges c
where c.status in ('pending', 'unknown')
group by c.invoice_id
having count(*) > 1) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- No invoice is paid without money that came in for it.
select i.id
from invoices i
where i.status = 'paid'
  and i.closed_at >= current_setting('maedal.since')::timestamptz
  and not exists (select from charges c where c.invoice_id = i.id and c.status = 'approved')) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- No money is kept for an invoice that is open, void or given up.
select c.id
from charges c join invoices i on i.id = c.invoice_id
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and i.status <> 'paid'
  and c.refunded_won < c.amount_won) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Nobody pays an invoice twice.
select c.id
from charges c
where c.status = 'approved'
  and c.closed_at >= current_setting('maedal.since')::timestamptz
  and exists (
    select from charges other
    where other.invoice_id = c.invoice_id and other.status = 'approved' and other.id <> c.id)) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- Nobody pays for days after the contract ended, unless the money went back. A contract that ends at once, with a
-- refund, may end on the first of its paid days.
select i.id
from invoices i
  join subscriptions s on s.id = i.subscription_id
  join charges c on c.invoice_id = i.id and c.status = 'approved'
where i.status = 'paid'
  and i.closed_at >= current_setting('maedal.since')::timestamptz
  and s.status = 'ended'
  and i.period_starts_on >= s.ended_on
  and not (s.end_reason = 'canceled-with-refund' and i.period_starts_on = s.ended_on)
  and c.refunded_won < c.amount_won) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- The job that numbers paid invoices runs every five minutes.
select i.id
from invoices i
where i.status = 'paid'
  and i.number is null
  and i.closed_at < current_setting('maedal.now')::timestamptz - interval '30 minutes') as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- The sweep runs every five minutes: nothing that is due waits for more than three of them.
select s.id
from subscriptions s
where s.next_action_at < current_setting('maedal.now')::timestamptz - interval '15 minutes') as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- What a worker held and did not finish is taken up again within minutes, and what waits for its turn within hours; a
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
    or g.next_try_at < current_setting('maedal.now')::timestamptz - interval '15 minutes')) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- What customers owe stands in the ledger: the whole invoice while it is open, nothing once it is closed.
select i.id
from invoices i
  cross join lateral (
    select
      coalesce(sum(l.amount_won) filter (where l.account = 'receivable'), 0) as owed_won,
      coalesce(-sum(l.amount_won) filter (where l.account = 'unearned'), 0) as unearned_won
    from ledger_entries l
    where l.invoice_id = i.id) booked
  cross join lateral (select case i.status when 'open' then i.total_won else 0 end as won) claim
where i.id in (
    select l.invoice_id
    from ledger_entries l
    where l.occurred_at >= current_setting('maedal.since')::timestamptz
    union
    select c.invoice_id
    from charges c
    where c.created_at >= current_setting('maedal.since')::timestamptz
    union
    select lately.id
    from invoices lately
    where lately.closed_at >= current_setting('maedal.since')::timestamptz)
  and (booked.owed_won, booked.unearned_won) is distinct from (claim.won, claim.won)) as violations
;
select count(*)::int as count, (array_agg(id order by id))[1:10] as sample
      from (-- What is set aside on a charge is the sum of its refunds, and never more than was paid.
select c.id
from charges c
where c.refunded_won > 0
  and (c.refunded_won > c.amount_won
    or c.refunded_won <> (
      select coalesce(sum(r.amount_won), 0)
      from refunds r where r.charge_id = c.id and r.status <> 'refused'))
union
select r.charge_id
from refunds r join charges c on c.id = r.charge_id
where r.status <> 'refused' and c.refunded_won = 0) as violations
;
select count(*)::int from "charges" where ("charges"."status" = $1 and "charges"."called_at" is not null and "charges"."leased_until" > $2)
;
select count(*)::int, coalesce(sum("amount_won"), 0)::text from "charges" where ("charges"."approved_at" >= $1 and "charges"."approved_at" < $2)
;
select count(*)::int, coalesce(sum("amount_won"), 0)::text from "charges" where ("charges"."closed_at" >= $1 and "charges"."closed_at" < $2 and "charges"."status" = $3)
;
select count(*)::int, coalesce(sum("amount_won"), 0)::text from "refunds" where ("refunds"."canceled_at" >= $1 and "refunds"."canceled_at" < $2)
;
select count(*)::int, coalesce(sum("amount_won"), 0)::text from "subscriptions" where ("subscriptions"."next_action_at" < $1 and "subscriptions"."status" = $2)
;
select count(*)::int, coalesce(sum("unexplained_won"), 0)::text from "reconciliation_findings" where "reconciliation_findings"."resolved_at" is null
;
select count(*)::text as count, coalesce(sum(amount_won), 0)::text as won
      from charges
      where created_at >= $1::timestamptz and attempted_on = $2::date and trigger = 'automatic'
;
select count(*)::text as count, coalesce(sum(s.amount_won), 0)::text as won
      from subscriptions s
      where s.next_action_at < $1::timestamptz
        and s.status in ('trialing', 'active', 'past-due') and s.cancels_on is null
        and (s.status <> 'past-due' or s.next_try_on is not null)
        and (s.status <> 'trialing' or exists (
  select from consents c
  where c.subscription_id = s.id and c.voided_at is null
    and c.changes_on = s.anchor_on and c.to_won >= s.amount_won
    and c.agreed_at >= (c.changes_on - $2::int)::timestamp at time zone 'Asia/Seoul'
    and c.agreed_at < (c.changes_on + make_time($3::int, 0, 0)) at time zone 'Asia/Seoul'))
        and (s.anchor_on + make_interval(months => (s.periods_paid + 1) * case s.interval when 'year' then 12 when 'quarter' then 3 else 1 end))::date <= $4::date and true
;
select count(*)::text as count, coalesce(sum(s.amount_won), 0)::text as won
      from subscriptions s
      where s.next_action_at < $1::timestamptz
        and s.status in ('trialing', 'active', 'past-due') and s.cancels_on is null
        and (s.status <> 'past-due' or s.next_try_on is not null)
        and (s.status <> 'trialing' or exists (
  select from consents c
  where c.subscription_id = s.id and c.voided_at is null
    and c.changes_on = s.anchor_on and c.to_won >= s.amount_won
    and c.agreed_at >= (c.changes_on - $2::int)::timestamp at time zone 'Asia/Seoul'
    and c.agreed_at < (c.changes_on + make_time($3::int, 0, 0)) at time zone 'Asia/Seoul'))
        and true
;
select distinct "day" from "reconciliation_findings" where "reconciliation_findings"."resolved_at" is null order by "reconciliation_findings"."day" desc limit $1
;
select min("expires_at") from "checkouts" where ("checkouts"."status" = $1 and "checkouts"."expires_at" > $2)
;
select min("next_action_at") from "subscriptions" where ("subscriptions"."customer_id" = $1 and "subscriptions"."next_action_at" > $2)
;
select min("next_reminder_at") from "subscriptions" where "subscriptions"."next_reminder_at" > $1
;
select min("settle_at") from "charges" where "charges"."settle_at" > $1
;
select series.at::date::text as day,
      exists (select from reconciliations tried where tried.day = series.at::date) as "hasFailed"
    from (select (created_at at time zone 'Asia/Seoul')::date as day from charges order by id limit 1) first,
      generate_series(first.day, $1::date - 1, interval '1 day') series (at)
    where not exists (
      select from reconciliations done where done.day = series.at::date and done.status = 'done'
    )
    order by 1 desc
    limit $2
;
select set_config('maedal.now', $1, true),
      set_config('maedal.since', $2, true),
      set_config('statement_timeout', '120s', true)
;
update "call_pacing" set "next_call_at" = $1 where "call_pacing"."id" = $2
;
update "call_pacing" set "unknowns_in_a_row" = "call_pacing"."unknowns_in_a_row" + $1 where "call_pacing"."id" = $2 returning "id", "next_call_at", "unknowns_in_a_row"
;
update "call_pacing" set "unknowns_in_a_row" = $1
;
update "call_pacing" set "unknowns_in_a_row" = $1 where "call_pacing"."unknowns_in_a_row" > $2
;
update "card_registrations" set "status" = $1, "auth_key_ciphertext" = $2, "failure_code" = $3, "next_try_at" = $4 where ("card_registrations"."id" = $5 and "card_registrations"."status" = $6)
;
update "card_registrations" set "status" = $1, "auth_key_ciphertext" = $2, "next_try_at" = $3 where ("card_registrations"."id" = $4 and "card_registrations"."status" = $5)
;
update "card_registrations" set "tries" = "card_registrations"."tries" + 1, "next_try_at" = $1 where ("card_registrations"."id" = $2 and "card_registrations"."status" = 'pending' and "card_registrations"."next_try_at" <= $3) returning "id", "customer_id", "checkout_id", "status", "auth_key_hash", "auth_key_ciphertext", "idempotency_key", "failure_code", "tries", "next_try_at", "created_at"
;
update "charges" set "called_at" = $1, "leased_until" = $2, "settle_at" = $3 where ("charges"."id" = any($4::text[]) and "charges"."status" = $5 and "charges"."called_at" is null and ("charges"."leased_until" is null or "charges"."leased_until" <= $6) and "charges"."trigger" = $7) returning "id"
;
update "charges" set "called_at" = $1, "leased_until" = $2, "settle_at" = $3 where ("charges"."id" = any($4::text[]) and "charges"."status" = $5 and "charges"."called_at" is null and ("charges"."leased_until" is null or "charges"."leased_until" <= $6)) returning "id"
;
update "charges" set "leased_until" = $1, "settle_at" = $2 where ("charges"."id" = $3 and "charges"."status" in ($4, $5) and ("charges"."leased_until" is null or "charges"."leased_until" <= $6)) returning "id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "decline_code", "decline_class", "unknown_reason", "needs_review", "payment_key", "supplied_won", "vat_won", "taken_won", "receipt_url", "approved_at", "refunded_won", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at"
;
update "charges" set "refunded_won" = "charges"."refunded_won" + $1 where ("charges"."id" = $2 and "charges"."status" = $3 and "charges"."refunded_won" + $4 <= "charges"."amount_won") returning "id"
;
update "charges" set "refunded_won" = "charges"."refunded_won" - $1 where "charges"."id" = $2
;
update "charges" set "settle_at" = $1 where ("charges"."invoice_id" = any($2::text[]) and "charges"."status" in ($3, $4) and ("charges"."settle_at" is null or "charges"."settle_at" > $5))
;
update "charges" set "status" = $1, "decline_code" = $2, "decline_class" = $3, "leased_until" = $4, "settle_at" = $5, "closed_at" = $6 where ("charges"."invoice_id" = any($7::text[]) and "charges"."status" = $8 and "charges"."called_at" is null) returning "id", "invoice_id", "customer_id", "payment_method_id", "trigger", "attempted_on", "order_id", "idempotency_key", "amount_won", "status", "decline_code", "decline_class", "unknown_reason", "needs_review", "payment_key", "supplied_won", "vat_won", "taken_won", "receipt_url", "approved_at", "refunded_won", "created_at", "called_at", "leased_until", "key_spent", "repeats", "settle_tries", "settle_at", "closed_at"
;
update "charging_stops" set "released_at" = $1, "released_by" = $2 where ("charging_stops"."id" = $3 and "charging_stops"."released_at" is null)
;
update "checkouts" set "agreed_at" = $1, "terms_version" = $2 where ("checkouts"."id" = $3 and "checkouts"."status" = $4)
;
update "checkouts" set "order_id" = $1 where ("checkouts"."id" = $2 and "checkouts"."status" = $3)
;
update "checkouts" set "status" = $1 where ("checkouts"."id" = any($2::text[]) and "checkouts"."status" = $3)
;
update "checkouts" set "status" = $1, "completed_at" = $2 where ("checkouts"."id" = any($3::text[]) and "checkouts"."status" <> $4)
;
update "consents" set "voided_at" = $1 where ("consents"."subscription_id" = $2 and "consents"."voided_at" is null)
;
update "invoice_counters" set "last" = $1 where "invoice_counters"."year" = $2
;
update "invoices" set "status" = $1, "closed_at" = $2 where ("invoices"."id" = any($3::text[]) and "invoices"."status" = $4) returning "id", "customer_id", "checkout_id", "subscription_id", "status", "title", "lines", "total_won", "period_starts_on", "period_ends_on", "issued_at", "closed_at", "number"
;
update "messages" set "send_at" = $1, "tries" = "messages"."tries" + 1 where "messages"."id" in (select "id" from "messages" where ("messages"."sent_at" is null and "messages"."send_at" <= $2) order by "messages"."send_at" asc, "messages"."id" asc limit $3 for update skip locked) returning "id", "user_id", "kind", "dedupe_key", "subject", "body", "subscription_id", "created_at", "send_at", "sent_at", "tries"
;
update "messages" set "sent_at" = $1 where "messages"."id" = any($2::text[])
;
update "password_resets" set "used_at" = $1 where ("password_resets"."token_hash" = $2 and "password_resets"."used_at" is null and "password_resets"."expires_at" > $3) returning "user_id"
;
update "payment_methods" set "billing_key_ciphertext" = $1, "gone_at" = $2, "gone_key_ciphertext" = "payment_methods"."billing_key_ciphertext" where ("payment_methods"."id" = $3 and "payment_methods"."gone_at" is null)
;
update "payment_methods" set "billing_key_ciphertext" = $1, "gone_key_ciphertext" = $2, "deleted_at" = $3 where "payment_methods"."id" = $4
;
update "payment_methods" set "delete_at" = $1 where ("payment_methods"."id" = any($2::text[]) and "payment_methods"."delete_at" is null and not exists (select "id" from "subscriptions" where ("subscriptions"."customer_id" = "payment_methods"."customer_id" and "subscriptions"."payment_method_id" = "payment_methods"."id" and "subscriptions"."status" <> $3)))
;
update "payment_methods" set "delete_at" = $1, "delete_tries" = "payment_methods"."delete_tries" + 1 where "payment_methods"."id" in (select "id" from "payment_methods" where (("payment_methods"."deleted_at" is null and "payment_methods"."delete_at" <= $2) and not exists (select "id" from "charges" where ("charges"."payment_method_id" = "payment_methods"."id" and "charges"."status" in ($3, $4)))) order by "payment_methods"."delete_at" asc, "payment_methods"."id" asc limit $5 for update skip locked) returning "id", "customer_id", "registration_id", "billing_key_ciphertext", "billing_key_fingerprint", "gone_at", "gone_key_ciphertext", "issuer_code", "masked_number", "card_type", "owner_type", "created_at", "delete_at", "delete_tries", "deleted_at"
;
update "plans" set "active" = $1 where "plans"."id" not in ($2, $3, $4, $5)
;
update "prices" set "active" = $1 where "prices"."id" = $2
;
update "prices" set "active" = $1 where "prices"."plan_id" not in ($2, $3, $4, $5)
;
update "reconciliation_findings" set "resolution" = $1, "note" = $2, "resolved_at" = $3, "resolved_by" = $4 where ("reconciliation_findings"."id" = $5 and "reconciliation_findings"."resolved_at" is null)
;
update "reconciliation_findings" set "resolution" = $1, "resolved_at" = $2, "resolved_by" = $3 where ("reconciliation_findings"."day" = $4 and "reconciliation_findings"."resolved_at" is null and not "reconciliation_findings"."subject" = any($5::text[]))
;
update "refunds" set "lock_won" = $1, "called_at" = $2, "leased_until" = $3, "settle_at" = $4 where "refunds"."id" = $5
;
update "refunds" set "status" = $1, "refused_code" = $2, "unknown_reason" = $3, "needs_review" = $4, "leased_until" = $5, "settle_at" = $6, "closed_at" = $7 where "refunds"."id" = $8
;
update "refunds" set "status" = $1, "unknown_reason" = $2, "leased_until" = $3, "key_spent" = $4, "settle_at" = $5 where "refunds"."id" = $6
;
update "refunds" set "status" = $1, "unknown_reason" = $2, "needs_review" = $3, "transaction_key" = $4, "supplied_won" = $5, "vat_won" = $6, "canceled_at" = $7, "leased_until" = $8, "settle_at" = $9, "closed_at" = $10 where "refunds"."id" = $11
;
update "users" set "name" = $1 where "users"."id" = $2
;
update "users" set "password_hash" = $1, "session_epoch" = "users"."session_epoch" + 1 where "users"."id" = $2
;
update "users" set "role" = $1 where "users"."id" = $2
;
update "users" set "session_epoch" = "users"."session_epoch" + 1 where "users"."id" = $1
;
update "webhook_events" set "look_at" = $1, "handled_at" = $2, "result" = $3 where "webhook_events"."id" = $4
;
update "webhook_events" set "look_at" = $1, "handled_at" = $2, "result" = $3 where ("webhook_events"."order_id" = $4 and "webhook_events"."event_type" in ($5) and "webhook_events"."received_at" <= $6 and "webhook_events"."handled_at" is null and coalesce("webhook_events"."body" -> 'data' ->> 'secret', "webhook_events"."body" ->> 'secret') is distinct from $7)
;
update "webhook_events" set "look_at" = $1, "handled_at" = $2, "result" = $3 where ("webhook_events"."order_id" = $4 and "webhook_events"."event_type" in ($5, $6) and "webhook_events"."received_at" <= $7 and "webhook_events"."handled_at" is null)
;
update "webhook_events" set "look_at" = $1, "tries" = $2 where "webhook_events"."id" = $3
;
update charges set
      status = x.status, payment_key = coalesce(x.payment_key, charges.payment_key), supplied_won = x.supplied_won,
      vat_won = x.vat_won, taken_won = coalesce(x.taken_won, charges.taken_won), receipt_url = x.receipt_url, approved_at = x.approved_at, decline_code = x.decline_code,
      decline_class = x.decline_class, unknown_reason = x.unknown_reason, key_spent = coalesce(x.key_spent, charges.key_spent),
      needs_review = coalesce(x.needs_review, charges.needs_review), closed_at = x.closed_at, settle_at = x.settle_at, leased_until = null
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::timestamp (3) with time zone[], $13::boolean[], $14::timestamp (3) with time zone[], $15::timestamp (3) with time zone[]) as x("id", "status", "decline_code", "decline_class", "unknown_reason", "needs_review", "payment_key", "supplied_won", "vat_won", "taken_won", "receipt_url", "approved_at", "key_spent", "settle_at", "closed_at") where charges.id = x.id and "charges"."status" in ($16, $17)
;
update subscriptions s set
      status = x.status, payment_method_id = x.payment_method_id, anchor_on = x.anchor_on,
      periods_paid = x.periods_paid, cancels_on = x.cancels_on, due_on = x.due_on, next_try_on = x.next_try_on,
      ends_unpaid_on = x.ends_unpaid_on, ended_on = x.ended_on, end_reason = x.end_reason,
      next_action_at = x.next_action_at, updated_at = $1,
      next_reminder_at = case
        when s.next_reminder_at <= $2 then s.next_reminder_at else x.next_reminder_at end
    from unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::integer[], $8::date[], $9::date[], $10::date[], $11::date[], $12::date[], $13::text[], $14::timestamp (3) with time zone[], $15::timestamp (3) with time zone[]) as x("id", "status", "payment_method_id", "anchor_on", "periods_paid", "cancels_on", "due_on", "next_try_on", "ends_unpaid_on", "ended_on", "end_reason", "next_action_at", "next_reminder_at") where s.id = x.id
;
update subscriptions s set next_reminder_at = x.next_reminder_at
    from unnest($1::text[], $2::timestamp (3) with time zone[]) as x("id", "next_reminder_at") where s.id = x.id
;
with happened as (
      select case c.status when 'approved' then 'charged' else 'declined' end as kind, c.closed_at as at,
        u.user_id, c.amount_won as won, c.decline_code as detail
      from charges c join customers u on u.id = c.customer_id
      where c.closed_at between $1 and $2 and c.status in ('approved', 'declined')
        and c.decline_code is distinct from 'WITHDRAWN'
      union all
      select 'unknown', c.called_at, u.user_id, c.amount_won, c.unknown_reason
      from charges c join customers u on u.id = c.customer_id
      where c.called_at between $3 and $4 and c.status = 'unknown'
      union all
      select 'refunded', r.closed_at, u.user_id, r.amount_won, null
      from refunds r join customers u on u.id = r.customer_id
      where r.closed_at between $5 and $6 and r.status = 'done'
      union all
      select 'ended', s.updated_at, u.user_id, null, s.end_reason
      from subscriptions s join customers u on u.id = s.customer_id
      where s.updated_at between $7 and $8 and s.status = 'ended' and s.end_reason <> 'expired'
      union all
      select 'stopped', started_at, null, null, reason from charging_stops where started_at between $9 and $10
      union all
      select 'mailed', created_at, user_id, null, subject from messages where created_at between $11 and $12
    ), judged as (
      select *, true as is_seen from happened
    ), counted as (
      select *,
        count(*) over (partition by kind)::int as count,
        count(*) filter (where is_seen) over (partition by kind)::int as seen,
        sum(won) over (partition by kind) as sum_won,
        row_number() over (partition by kind, is_seen order by at, user_id) as place
      from judged
    )
    select h.kind, h.count, h.seen, case when h.count = h.seen then h.sum_won end as amount_won,
      case when h.is_seen then h.at end as at, case when h.is_seen then p.name end as name,
      case when h.is_seen then h.won end as item_won, case when h.is_seen then h.detail end as detail
    from counted h left join users p on p.id = h.user_id
    where h.place <= case when h.is_seen then $13::int when h.seen = 0 then 1 else 0 end
    order by h.at, h.user_id
;
with next as (
      select id, ($1::bigint + row_number() over (order by closed_at, id))::text as n
      from invoices
      where status = 'paid' and number is null
        and closed_at >= $2::timestamptz and closed_at < $3::timestamptz
      order by closed_at, id
      limit $4)
    update invoices i set number = $5 || lpad(next.n, greatest(6, length(next.n)), '0')
    from next where i.id = next.id
    returning i.id
;
