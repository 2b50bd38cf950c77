DROP INDEX "consents_change";--> statement-breakpoint
ALTER TABLE "consents" ADD COLUMN "voided_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "subscription_id" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "next_reminder_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messages_waiting" ON "messages" USING btree ("subscription_id") WHERE "messages"."sent_at" is null and "messages"."subscription_id" is not null;--> statement-breakpoint
CREATE INDEX "subscriptions_to_remind" ON "subscriptions" USING btree ("next_reminder_at") WHERE "subscriptions"."next_reminder_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "consents_change" ON "consents" USING btree ("subscription_id","changes_on","to_won") WHERE "consents"."voided_at" is null;
--> statement-breakpoint
UPDATE "subscriptions" SET "next_reminder_at" = "updated_at" WHERE "status" in ('trialing', 'past-due');
--> statement-breakpoint
UPDATE "consents" SET "voided_at" = "subscriptions"."updated_at" FROM "subscriptions" WHERE "subscriptions"."id" = "consents"."subscription_id" AND "subscriptions"."status" = 'trialing' AND "subscriptions"."cancels_on" IS NOT NULL;
