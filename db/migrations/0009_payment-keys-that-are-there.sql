DROP INDEX "charges_payment_key";--> statement-breakpoint
CREATE UNIQUE INDEX "charges_payment_key" ON "charges" USING btree ("payment_key") WHERE "charges"."payment_key" is not null;