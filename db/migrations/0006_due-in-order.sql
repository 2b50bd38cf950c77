DROP INDEX "subscriptions_due";--> statement-breakpoint
CREATE INDEX "subscriptions_due" ON "subscriptions" USING btree ("next_action_at","id") WHERE "subscriptions"."next_action_at" is not null;