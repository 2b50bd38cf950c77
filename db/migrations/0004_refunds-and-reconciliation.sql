CREATE TABLE "charge_forecasts" (
	"day" date PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"amount_won" bigint NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invariant_results" (
	"name" text PRIMARY KEY NOT NULL,
	"ok" boolean NOT NULL,
	"count" integer NOT NULL,
	"sample" jsonb NOT NULL,
	"fault" text,
	"broken_since" timestamp (3) with time zone,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"checked_all_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoice_counters" (
	"year" integer PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliation_findings" (
	"id" text PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"unexplained_won" bigint NOT NULL,
	"order_id" text NOT NULL,
	"payment_key" text,
	"transaction_key" text,
	"charge_id" text,
	"refund_id" text,
	"found_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"cancel_key" text,
	"resolution" text,
	"note" text,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" text,
	CONSTRAINT "reconciliation_findings_kind" CHECK ("reconciliation_findings"."kind" in ('missing-here','missing-there','amount-differs','cancel-missing-here','cancel-missing-there')),
	CONSTRAINT "reconciliation_findings_resolved" CHECK (("reconciliation_findings"."resolved_at" is null) = ("reconciliation_findings"."resolution" is null) and ("reconciliation_findings"."resolved_at" is null) = ("reconciliation_findings"."resolved_by" is null) and "reconciliation_findings"."resolution" in ('adopted','canceled','explained','vanished'))
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"id" text PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"transaction_count" integer NOT NULL,
	"paid_won" bigint NOT NULL,
	"canceled_won" bigint NOT NULL,
	"unexplained_won" bigint NOT NULL,
	CONSTRAINT "reconciliations_failed" CHECK (("reconciliations"."status" = 'failed') = ("reconciliations"."failure" is not null))
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"charge_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"request_id" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"reason" text NOT NULL,
	"requested_by" text NOT NULL,
	"status" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"lock_won" bigint,
	"refused_code" text,
	"unknown_reason" text,
	"needs_review" boolean DEFAULT false NOT NULL,
	"transaction_key" text,
	"supplied_won" bigint,
	"vat_won" bigint,
	"canceled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"called_at" timestamp (3) with time zone,
	"leased_until" timestamp (3) with time zone,
	"key_spent" boolean DEFAULT false NOT NULL,
	"repeats" integer DEFAULT 0 NOT NULL,
	"settle_tries" integer DEFAULT 0 NOT NULL,
	"settle_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "refunds_status" CHECK ("refunds"."status" in ('pending','done','refused','unknown')),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_won" >= 1),
	CONSTRAINT "refunds_done" CHECK ("refunds"."status" <> 'done' or ("refunds"."transaction_key" is not null and "refunds"."canceled_at" is not null and "refunds"."supplied_won" is not null and "refunds"."vat_won" is not null and "refunds"."supplied_won" >= 0 and "refunds"."vat_won" >= 0 and "refunds"."supplied_won" + "refunds"."vat_won" = "refunds"."amount_won")),
	CONSTRAINT "refunds_refused" CHECK (("refunds"."status" = 'refused') = ("refunds"."refused_code" is not null)),
	CONSTRAINT "refunds_closed" CHECK (("refunds"."status" in ('done','refused')) = ("refunds"."closed_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_account";--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "refunded_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "number" text;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD COLUMN "refund_id" text;--> statement-breakpoint
ALTER TABLE "reconciliation_findings" ADD CONSTRAINT "reconciliation_findings_charge_id_charges_id_fk" FOREIGN KEY ("charge_id") REFERENCES "public"."charges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_findings" ADD CONSTRAINT "reconciliation_findings_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_charge_id_charges_id_fk" FOREIGN KEY ("charge_id") REFERENCES "public"."charges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_findings_subject" ON "reconciliation_findings" USING btree ("subject");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_findings_cancel_key" ON "reconciliation_findings" USING btree ("cancel_key");--> statement-breakpoint
CREATE INDEX "reconciliation_findings_day" ON "reconciliation_findings" USING btree ("day");--> statement-breakpoint
CREATE INDEX "reconciliation_findings_open" ON "reconciliation_findings" USING btree ("found_at") WHERE "reconciliation_findings"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "reconciliations_day" ON "reconciliations" USING btree ("day","finished_at");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_request" ON "refunds" USING btree ("request_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_idempotency_key" ON "refunds" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_transaction_key" ON "refunds" USING btree ("transaction_key");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_one_at_toss" ON "refunds" USING btree ("charge_id") WHERE "refunds"."status" in ('pending','unknown') and "refunds"."called_at" is not null;--> statement-breakpoint
CREATE INDEX "refunds_charge" ON "refunds" USING btree ("charge_id","created_at");--> statement-breakpoint
CREATE INDEX "refunds_customer" ON "refunds" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE INDEX "refunds_to_settle" ON "refunds" USING btree ("settle_at") WHERE "refunds"."settle_at" is not null;--> statement-breakpoint
CREATE INDEX "refunds_open" ON "refunds" USING btree ("created_at") WHERE "refunds"."status" in ('pending','unknown');--> statement-breakpoint
CREATE INDEX "refunds_canceled_at" ON "refunds" USING btree ("canceled_at");--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "charges_to_review" ON "charges" USING btree ("created_at") WHERE "charges"."needs_review";--> statement-breakpoint
CREATE INDEX "charges_refunded" ON "charges" USING btree ("id") WHERE "charges"."refunded_won" > 0;--> statement-breakpoint
CREATE INDEX "charges_created_at" ON "charges" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "charges_approved_at" ON "charges" USING brin ("approved_at");--> statement-breakpoint
CREATE INDEX "charges_closed_at" ON "charges" USING brin ("closed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number" ON "invoices" USING btree ("number") WHERE "invoices"."number" is not null;--> statement-breakpoint
CREATE INDEX "invoices_to_number" ON "invoices" USING btree ("closed_at","id") WHERE "invoices"."status" = 'paid' and "invoices"."number" is null;--> statement-breakpoint
CREATE INDEX "invoices_closed_at" ON "invoices" USING brin ("closed_at");--> statement-breakpoint
CREATE INDEX "ledger_entries_occurred_at" ON "ledger_entries" USING brin ("occurred_at");--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_refunded" CHECK ("charges"."refunded_won" >= 0 and "charges"."refunded_won" <= "charges"."amount_won" and ("charges"."refunded_won" = 0 or "charges"."status" = 'approved'));--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_numbered" CHECK ("invoices"."number" is null or "invoices"."status" = 'paid');--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account" CHECK ("ledger_entries"."account" in ('receivable','pg-clearing','unearned','revenue','vat-payable','refunds','credit'));