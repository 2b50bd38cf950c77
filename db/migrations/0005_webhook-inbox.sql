DROP INDEX "webhook_events_unhandled";--> statement-breakpoint
ALTER TABLE "payment_methods" ADD COLUMN "gone_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD COLUMN "gone_key_ciphertext" text;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "verified" boolean;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "said_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "look_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "webhook_events_to_look_at" ON "webhook_events" USING btree ("look_at") WHERE "webhook_events"."handled_at" is null;--> statement-breakpoint
CREATE INDEX "webhook_events_received" ON "webhook_events" USING btree ("received_at","id");--> statement-breakpoint
CREATE INDEX "webhook_events_type" ON "webhook_events" USING btree ("event_type","received_at","id");--> statement-breakpoint
CREATE INDEX "webhook_events_order" ON "webhook_events" USING btree ("order_id","received_at") WHERE "webhook_events"."order_id" is not null;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_gone" CHECK ("payment_methods"."gone_key_ciphertext" is null or ("payment_methods"."gone_at" is not null and "payment_methods"."billing_key_ciphertext" is null));--> statement-breakpoint
-- What was stored before and never handled is looked at; billing keys that came in plain text are forgotten.
UPDATE "webhook_events" SET "look_at" = "received_at" WHERE "handled_at" IS NULL;--> statement-breakpoint
UPDATE "webhook_events" SET "body" = "body" #- '{data,billingKey}' WHERE "event_type" = 'BILLING_DELETED';
