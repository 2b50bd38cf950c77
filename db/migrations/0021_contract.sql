-- No process of the version before runs any more: what it wrote since is carried over, and what only it read goes.
SELECT carry_over_to_terms();
--> statement-breakpoint
DROP FUNCTION carry_over_to_terms;
--> statement-breakpoint
ALTER TABLE "payment_methods" ALTER COLUMN "provider" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "charges" ALTER COLUMN "provider" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "reconciliations" ALTER COLUMN "provider" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "refunds" ALTER COLUMN "provider" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "webhook_events" ALTER COLUMN "provider" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_total";
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_owner";
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_period_order";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP CONSTRAINT "subscriptions_amount";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP CONSTRAINT "subscriptions_periods";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP CONSTRAINT "subscriptions_plan_id_plans_id_fk";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP CONSTRAINT "subscriptions_price_id_prices_id_fk";
--> statement-breakpoint
DROP INDEX "invoices_period";
--> statement-breakpoint
ALTER TABLE "invoices" ALTER COLUMN "kind" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "invoices" ALTER COLUMN "due_won" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "terms_seq" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "cycle" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "n" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "paid_to" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "agreed_won" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "expected_won" DROP DEFAULT;
--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_of_a_change" ON "invoices" USING btree ("change_id") WHERE "invoices"."change_id" is not null and "invoices"."status" <> 'void';
--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_opens" ON "invoices" USING btree ("subscription_id","cycle","n",(case when "status" = 'void' or "n" is null then "id" else '' end));
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "plan_id";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "price_id";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "amount_won";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "interval";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "anchor_on";
--> statement-breakpoint
ALTER TABLE "subscriptions" DROP COLUMN "periods_paid";
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_kind" CHECK ("invoices"."kind" in ('period','change','once') and ("invoices"."kind" = 'change') = ("invoices"."change_id" is not null));
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_due" CHECK ("invoices"."due_won" = "invoices"."total_won" - "invoices"."credit_used_granted_won" - "invoices"."credit_used_paid_won" - "invoices"."forgiven_won" + "invoices"."top_up_won" and "invoices"."due_won" >= 0 and "invoices"."total_won" >= 0 and "invoices"."credit_granted_won" >= 0 and "invoices"."credit_used_granted_won" >= 0 and "invoices"."credit_used_paid_won" >= 0 and "invoices"."forgiven_won" >= 0 and "invoices"."top_up_won" >= 0);
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_small_sums" CHECK (("invoices"."forgiven_won" = 0 or "invoices"."kind" = 'period') and ("invoices"."top_up_won" = 0 or "invoices"."kind" <> 'period') and ("invoices"."total_won" = 0 or "invoices"."credit_granted_won" = 0));
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_opens_all" CHECK (num_nonnulls("invoices"."cycle", "invoices"."n", "invoices"."interval", "invoices"."period_starts_on", "invoices"."period_ends_on") in (0, 5) and ("invoices"."kind" <> 'period' or "invoices"."n" is not null) and ("invoices"."kind" <> 'once' or "invoices"."n" is null));
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_owner" CHECK (num_nonnulls("invoices"."subscription_id", "invoices"."checkout_id") > 0 and ("invoices"."subscription_id" is null) = ("invoices"."kind" = 'once'));
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_period_order" CHECK ("invoices"."period_starts_on" < "invoices"."period_ends_on");
--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_counts" CHECK ("subscriptions"."cycle" >= 0 and "subscriptions"."n" >= 0);
--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_agreed" CHECK ("subscriptions"."agreed_won" >= 0);
--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_expects" CHECK ("subscriptions"."expects" in ('charge','end') and "subscriptions"."expected_won" >= 0 and ("subscriptions"."expects" is not distinct from 'charge') = ("subscriptions"."pays_to" is not null) and ("subscriptions"."expects" is not distinct from 'charge' or "subscriptions"."expected_won" = 0));
--> statement-breakpoint
-- A charge asks what is due of its invoice.
CREATE OR REPLACE FUNCTION charges_refuse_wrong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT n.id INTO wrong FROM inserted n
  WHERE (SELECT i.customer_id = n.customer_id AND i.due_won = n.amount_won FROM invoices i WHERE i.id = n.invoice_id)
      IS NOT TRUE
    OR n.payment_method_id IS NOT NULL
      AND (SELECT m.customer_id FROM payment_methods m WHERE m.id = n.payment_method_id) IS DISTINCT FROM n.customer_id
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'charge % does not fit its invoice or its card', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- What they were checked against stays as it is.
DROP TRIGGER invoices_stay ON invoices;
--> statement-breakpoint
CREATE TRIGGER invoices_stay
  BEFORE DELETE OR TRUNCATE OR UPDATE OF id, customer_id, subscription_id, checkout_id, change_id, kind, lines, total_won,
    credit_granted_won, credit_used_granted_won, credit_used_paid_won, forgiven_won, top_up_won, due_won, cycle, n,
    interval, period_starts_on, period_ends_on ON invoices
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
-- What held on any past day can be read: terms are added and never overwritten. Only the first day of an order that was
-- not paid for yet is moved.
CREATE TRIGGER subscription_terms_stay
  BEFORE DELETE OR TRUNCATE OR UPDATE OF subscription_id, seq, interval ON subscription_terms
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER subscription_items_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON subscription_items
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
