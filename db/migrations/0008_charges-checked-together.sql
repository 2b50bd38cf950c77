ALTER TABLE "charges" DROP CONSTRAINT "charges_invoice_id_invoices_id_fk";
--> statement-breakpoint
ALTER TABLE "charges" DROP CONSTRAINT "charges_customer_id_customers_id_fk";
--> statement-breakpoint
ALTER TABLE "charges" DROP CONSTRAINT "charges_payment_method_id_payment_methods_id_fk";
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_customer_id_customers_id_fk";
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_subscription_id_subscriptions_id_fk";
--> statement-breakpoint
-- A statement's rows are checked together: an invoice is of its subscription's or checkout's customer; a charge asks that
-- customer for what the invoice totals, with a card of theirs. Foreign keys would ask row by row, lock each row they
-- find, and see nothing of amounts and owners.
CREATE FUNCTION invoices_refuse_wrong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT n.id INTO wrong FROM inserted n
  WHERE n.customer_id IS DISTINCT FROM CASE
      WHEN n.subscription_id IS NULL THEN (SELECT k.customer_id FROM checkouts k WHERE k.id = n.checkout_id)
      ELSE (SELECT s.customer_id FROM subscriptions s WHERE s.id = n.subscription_id)
    END
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'invoice % is for nothing its customer ordered', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER invoices_right AFTER INSERT ON invoices
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION invoices_refuse_wrong();
--> statement-breakpoint
CREATE FUNCTION charges_refuse_wrong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT n.id INTO wrong FROM inserted n
  WHERE (SELECT i.customer_id = n.customer_id AND i.total_won = n.amount_won FROM invoices i WHERE i.id = n.invoice_id)
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
CREATE TRIGGER charges_right AFTER INSERT ON charges
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION charges_refuse_wrong();
--> statement-breakpoint
-- What they were checked against stays as it is.
DROP TRIGGER invoices_stay ON invoices;
--> statement-breakpoint
CREATE TRIGGER invoices_stay
  BEFORE DELETE OR TRUNCATE OR UPDATE OF id, customer_id, subscription_id, checkout_id, total_won ON invoices
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
DROP TRIGGER charges_stay ON charges;
--> statement-breakpoint
CREATE TRIGGER charges_stay
  BEFORE DELETE OR TRUNCATE OR UPDATE OF id, invoice_id, customer_id, payment_method_id, amount_won ON charges
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER subscriptions_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, customer_id ON subscriptions
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER payment_methods_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, customer_id ON payment_methods
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
