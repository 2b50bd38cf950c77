CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject_id" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "card_registrations" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"checkout_id" text,
	"status" text NOT NULL,
	"auth_key_hash" text NOT NULL,
	"auth_key_ciphertext" text,
	"idempotency_key" text NOT NULL,
	"failure_code" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_registrations_status" CHECK ("card_registrations"."status" in ('pending','issued','failed'))
);
--> statement-breakpoint
CREATE TABLE "charges" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"payment_method_id" text,
	"trigger" text NOT NULL,
	"attempted_on" date NOT NULL,
	"order_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"status" text NOT NULL,
	"decline_code" text,
	"decline_class" text,
	"unknown_reason" text,
	"needs_review" boolean DEFAULT false NOT NULL,
	"payment_key" text,
	"supplied_won" bigint,
	"vat_won" bigint,
	"receipt_url" text,
	"approved_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"called_at" timestamp (3) with time zone,
	"leased_until" timestamp (3) with time zone,
	"key_spent" boolean DEFAULT false NOT NULL,
	"repeats" integer DEFAULT 0 NOT NULL,
	"settle_tries" integer DEFAULT 0 NOT NULL,
	"settle_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "charges_status" CHECK ("charges"."status" in ('pending','approved','declined','unknown')),
	CONSTRAINT "charges_amount" CHECK ("charges"."amount_won" >= 100),
	CONSTRAINT "charges_approved" CHECK ("charges"."status" <> 'approved' or ("charges"."payment_key" is not null and "charges"."approved_at" is not null and "charges"."supplied_won" + "charges"."vat_won" = "charges"."amount_won")),
	CONSTRAINT "charges_declined" CHECK (("charges"."status" = 'declined') = ("charges"."decline_code" is not null))
);
--> statement-breakpoint
CREATE TABLE "checkouts" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"price_id" text NOT NULL,
	"status" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"trial_days" integer NOT NULL,
	"order_id" text NOT NULL,
	"agreed_at" timestamp (3) with time zone,
	"terms_version" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	CONSTRAINT "checkouts_status" CHECK ("checkouts"."status" in ('open','completed','expired')),
	CONSTRAINT "checkouts_amount" CHECK ("checkouts"."amount_won" >= 0)
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text PRIMARY KEY NOT NULL,
	"subscription_id" text NOT NULL,
	"changes_on" date NOT NULL,
	"from_won" bigint NOT NULL,
	"to_won" bigint NOT NULL,
	"text_version" text NOT NULL,
	"agreed_at" timestamp (3) with time zone NOT NULL,
	"ip" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"customer_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"checkout_id" text,
	"subscription_id" text,
	"status" text NOT NULL,
	"title" text NOT NULL,
	"lines" jsonb NOT NULL,
	"total_won" bigint NOT NULL,
	"period_starts_on" date,
	"period_ends_on" date,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "invoices_status" CHECK ("invoices"."status" in ('open','paid','void','uncollectible')),
	CONSTRAINT "invoices_total" CHECK ("invoices"."total_won" >= 100),
	CONSTRAINT "invoices_closed" CHECK (("invoices"."status" = 'open') = ("invoices"."closed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"journal_id" text NOT NULL,
	"account" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"invoice_id" text NOT NULL,
	"charge_id" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_entries_account" CHECK ("ledger_entries"."account" in ('receivable','pg-clearing','unearned','revenue','vat-payable'))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"send_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"tries" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "password_resets" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "payment_methods" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"registration_id" text NOT NULL,
	"billing_key_ciphertext" text,
	"billing_key_fingerprint" text NOT NULL,
	"issuer_code" text,
	"masked_number" text,
	"card_type" text,
	"owner_type" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delete_at" timestamp (3) with time zone,
	"delete_tries" integer DEFAULT 0 NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"product" text NOT NULL,
	"name" jsonb NOT NULL,
	"description" jsonb NOT NULL,
	"features" jsonb NOT NULL,
	"entitlements" jsonb NOT NULL,
	"active" boolean NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" text PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"interval" text,
	"amount_won" bigint NOT NULL,
	"trial_days" integer DEFAULT 0 NOT NULL,
	"version" integer NOT NULL,
	"active" boolean NOT NULL,
	CONSTRAINT "prices_amount" CHECK ("prices"."amount_won" >= 100),
	CONSTRAINT "prices_interval" CHECK ("prices"."interval" in ('month','quarter','year'))
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text NOT NULL,
	"window_starts_at" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "rate_limits_key_window_starts_at_pk" PRIMARY KEY("key","window_starts_at")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"checkout_id" text NOT NULL,
	"product" text NOT NULL,
	"plan_id" text NOT NULL,
	"price_id" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"interval" text NOT NULL,
	"status" text NOT NULL,
	"payment_method_id" text,
	"anchor_on" date NOT NULL,
	"periods_paid" integer NOT NULL,
	"cancels_on" date,
	"due_on" date,
	"next_try_on" date,
	"ends_unpaid_on" date,
	"ended_on" date,
	"end_reason" text,
	"next_action_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "subscriptions_status" CHECK ("subscriptions"."status" in ('incomplete','trialing','active','past-due','ended')),
	CONSTRAINT "subscriptions_ended" CHECK (("subscriptions"."status" = 'ended') = ("subscriptions"."ended_on" is not null)),
	CONSTRAINT "subscriptions_end_reason" CHECK (("subscriptions"."status" = 'ended') = ("subscriptions"."end_reason" is not null) and "subscriptions"."end_reason" in ('canceled','canceled-with-refund','unpaid','no-consent','expired','operator')),
	CONSTRAINT "subscriptions_amount" CHECK ("subscriptions"."amount_won" >= 100),
	CONSTRAINT "subscriptions_periods" CHECK ("subscriptions"."periods_paid" >= 0)
);
--> statement-breakpoint
CREATE TABLE "user_identities" (
	"provider" text NOT NULL,
	"provider_account_id" text NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "user_identities_provider_provider_account_id_pk" PRIMARY KEY("provider","provider_account_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'customer' NOT NULL,
	"session_epoch" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_email_lower" CHECK ("users"."email" = lower("users"."email")),
	CONSTRAINT "users_role" CHECK ("users"."role" in ('customer','support','operator','owner'))
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" text PRIMARY KEY NOT NULL,
	"dedupe_key" text NOT NULL,
	"event_type" text NOT NULL,
	"order_id" text,
	"body" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"handled_at" timestamp (3) with time zone,
	"result" text
);
--> statement-breakpoint
ALTER TABLE "card_registrations" ADD CONSTRAINT "card_registrations_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_registrations" ADD CONSTRAINT "card_registrations_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_payment_method_id_payment_methods_id_fk" FOREIGN KEY ("payment_method_id") REFERENCES "public"."payment_methods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_price_id_prices_id_fk" FOREIGN KEY ("price_id") REFERENCES "public"."prices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_charge_id_charges_id_fk" FOREIGN KEY ("charge_id") REFERENCES "public"."charges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_registration_id_card_registrations_id_fk" FOREIGN KEY ("registration_id") REFERENCES "public"."card_registrations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_checkout_id_checkouts_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "public"."checkouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_price_id_prices_id_fk" FOREIGN KEY ("price_id") REFERENCES "public"."prices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_payment_method_id_payment_methods_id_fk" FOREIGN KEY ("payment_method_id") REFERENCES "public"."payment_methods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_identities" ADD CONSTRAINT "user_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "card_registrations_auth_key" ON "card_registrations" USING btree ("auth_key_hash");--> statement-breakpoint
CREATE INDEX "card_registrations_checkout" ON "card_registrations" USING btree ("checkout_id");--> statement-breakpoint
CREATE INDEX "card_registrations_pending" ON "card_registrations" USING btree ("next_try_at") WHERE "card_registrations"."status" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "charges_order_id" ON "charges" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "charges_idempotency_key" ON "charges" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "charges_payment_key" ON "charges" USING btree ("payment_key");--> statement-breakpoint
CREATE UNIQUE INDEX "charges_one_open" ON "charges" USING btree ("invoice_id") WHERE "charges"."status" in ('pending','unknown');--> statement-breakpoint
CREATE UNIQUE INDEX "charges_one_approved" ON "charges" USING btree ("invoice_id") WHERE "charges"."status" = 'approved';--> statement-breakpoint
CREATE UNIQUE INDEX "charges_one_automatic_a_day" ON "charges" USING btree ("invoice_id","attempted_on") WHERE "charges"."trigger" = 'automatic';--> statement-breakpoint
CREATE INDEX "charges_invoice" ON "charges" USING btree ("invoice_id","created_at");--> statement-breakpoint
CREATE INDEX "charges_open_of_card" ON "charges" USING btree ("payment_method_id") WHERE "charges"."status" in ('pending','unknown');--> statement-breakpoint
CREATE INDEX "charges_to_settle" ON "charges" USING btree ("settle_at") WHERE "charges"."settle_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "checkouts_order_id" ON "checkouts" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "checkouts_customer" ON "checkouts" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE INDEX "checkouts_open" ON "checkouts" USING btree ("expires_at") WHERE "checkouts"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "consents_change" ON "consents" USING btree ("subscription_id","changes_on","to_won");--> statement-breakpoint
CREATE UNIQUE INDEX "customers_user" ON "customers" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "customers_customer_key" ON "customers" USING btree ("customer_key");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_period" ON "invoices" USING btree ("subscription_id","period_starts_on");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_time" ON "invoices" USING btree ("checkout_id") WHERE "invoices"."subscription_id" is null;--> statement-breakpoint
CREATE INDEX "invoices_customer" ON "invoices" USING btree ("customer_id","issued_at");--> statement-breakpoint
CREATE INDEX "ledger_entries_invoice" ON "ledger_entries" USING btree ("invoice_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_dedupe" ON "messages" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "messages_to_send" ON "messages" USING btree ("send_at") WHERE "messages"."sent_at" is null;--> statement-breakpoint
CREATE INDEX "messages_user" ON "messages" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_methods_registration" ON "payment_methods" USING btree ("registration_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_methods_fingerprint" ON "payment_methods" USING btree ("billing_key_fingerprint");--> statement-breakpoint
CREATE INDEX "payment_methods_customer" ON "payment_methods" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "payment_methods_to_delete" ON "payment_methods" USING btree ("delete_at") WHERE "payment_methods"."delete_at" is not null and "payment_methods"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "prices_version" ON "prices" USING btree ("plan_id",coalesce("interval", 'once'),"version");--> statement-breakpoint
CREATE UNIQUE INDEX "prices_one_active" ON "prices" USING btree ("plan_id",coalesce("interval", 'once')) WHERE "prices"."active";--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_checkout" ON "subscriptions" USING btree ("checkout_id");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_one_live" ON "subscriptions" USING btree ("customer_id","product") WHERE "subscriptions"."status" <> 'ended';--> statement-breakpoint
CREATE INDEX "subscriptions_due" ON "subscriptions" USING btree ("next_action_at") WHERE "subscriptions"."next_action_at" is not null;--> statement-breakpoint
CREATE INDEX "subscriptions_customer" ON "subscriptions" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_events_dedupe" ON "webhook_events" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "webhook_events_unhandled" ON "webhook_events" USING btree ("received_at") WHERE "webhook_events"."handled_at" is null;