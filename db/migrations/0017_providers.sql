-- All that is stored went through Toss. The default stays in the database for processes of the version before this one.
DROP INDEX "charges_payment_key";--> statement-breakpoint
DROP INDEX "refunds_transaction_key";--> statement-breakpoint
DROP INDEX "webhook_events_dedupe";--> statement-breakpoint
ALTER TABLE "payment_methods" ADD COLUMN "provider" text DEFAULT 'toss' NOT NULL;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "provider" text DEFAULT 'toss' NOT NULL;--> statement-breakpoint
ALTER TABLE "reconciliations" ADD COLUMN "provider" text DEFAULT 'toss' NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "provider" text DEFAULT 'toss' NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "provider" text DEFAULT 'toss' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "charges_payment_key" ON "charges" USING btree ("payment_key","provider") WHERE "charges"."payment_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_transaction_key" ON "refunds" USING btree ("transaction_key","provider");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_events_dedupe" ON "webhook_events" USING btree ("dedupe_key","provider");