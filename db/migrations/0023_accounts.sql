-- Who pays is called an account in the database as well, and a user is its member. The functions that check rows name the
-- columns in their text, so they are written again.
DROP TRIGGER customers_have_owner ON customers;
--> statement-breakpoint
DROP FUNCTION customers_get_owner();
--> statement-breakpoint
ALTER TABLE "customers" RENAME TO "accounts";
--> statement-breakpoint
ALTER TABLE "accounts" DROP COLUMN "user_id";
--> statement-breakpoint
ALTER TABLE "accounts" RENAME CONSTRAINT "customers_pkey" TO "accounts_pkey";
--> statement-breakpoint
ALTER TABLE "card_registrations" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "payment_methods" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "charges" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "checkouts" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "invoices" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "refunds" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "subscriptions" RENAME COLUMN "customer_id" TO "account_id";
--> statement-breakpoint
ALTER TABLE "sessions" RENAME CONSTRAINT "sessions_account_id_customers_id_fk" TO "sessions_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "card_registrations" RENAME CONSTRAINT "card_registrations_customer_id_customers_id_fk" TO "card_registrations_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "payment_methods" RENAME CONSTRAINT "payment_methods_customer_id_customers_id_fk" TO "payment_methods_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "checkouts" RENAME CONSTRAINT "checkouts_customer_id_customers_id_fk" TO "checkouts_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "credit_grants" RENAME CONSTRAINT "credit_grants_account_id_customers_id_fk" TO "credit_grants_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "credit_holders" RENAME CONSTRAINT "credit_holders_account_id_customers_id_fk" TO "credit_holders_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "refunds" RENAME CONSTRAINT "refunds_customer_id_customers_id_fk" TO "refunds_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "subscriptions" RENAME CONSTRAINT "subscriptions_customer_id_customers_id_fk" TO "subscriptions_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "account_members" RENAME CONSTRAINT "account_members_account_id_customers_id_fk" TO "account_members_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "account_invitations" RENAME CONSTRAINT "account_invitations_account_id_customers_id_fk" TO "account_invitations_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER INDEX "customers_customer_key" RENAME TO "accounts_customer_key";
--> statement-breakpoint
ALTER INDEX "payment_methods_customer" RENAME TO "payment_methods_account";
--> statement-breakpoint
ALTER INDEX "checkouts_customer" RENAME TO "checkouts_account";
--> statement-breakpoint
ALTER INDEX "invoices_customer" RENAME TO "invoices_account";
--> statement-breakpoint
ALTER INDEX "refunds_customer" RENAME TO "refunds_account";
--> statement-breakpoint
ALTER INDEX "subscriptions_customer" RENAME TO "subscriptions_account";
--> statement-breakpoint

CREATE OR REPLACE FUNCTION invoices_refuse_wrong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT n.id INTO wrong FROM inserted n
  WHERE n.account_id IS DISTINCT FROM CASE
      WHEN n.subscription_id IS NULL THEN (SELECT k.account_id FROM checkouts k WHERE k.id = n.checkout_id)
      ELSE (SELECT s.account_id FROM subscriptions s WHERE s.id = n.subscription_id)
    END
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'invoice % is for nothing its customer ordered', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint

CREATE OR REPLACE FUNCTION charges_refuse_wrong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT n.id INTO wrong FROM inserted n
  WHERE (SELECT i.account_id = n.account_id AND i.due_won = n.amount_won FROM invoices i WHERE i.id = n.invoice_id)
      IS NOT TRUE
    OR n.payment_method_id IS NOT NULL
      AND (SELECT m.account_id FROM payment_methods m WHERE m.id = n.payment_method_id) IS DISTINCT FROM n.account_id
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'charge % does not fit its invoice or its card', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint

CREATE OR REPLACE FUNCTION ledger_refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payers text[];
  wrong record;
BEGIN
  SELECT array_agg(DISTINCT account_id ORDER BY account_id) INTO payers FROM inserted WHERE account_id IS NOT NULL;
  IF payers IS NULL THEN
    RETURN NULL;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'credit is moved in READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  SELECT n.account_id, n.journal_id INTO wrong FROM inserted n
  WHERE n.account_id IS NOT NULL AND n.account_id IS DISTINCT FROM CASE
      WHEN n.invoice_id IS NULL THEN (SELECT g.account_id FROM credit_grants g WHERE g.id = n.journal_id)
      ELSE (SELECT i.account_id FROM invoices i WHERE i.id = n.invoice_id)
    END
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % moves credit of another account than its own', wrong.journal_id
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  INSERT INTO credit_holders (account_id) SELECT payer FROM unnest(payers) WITH ORDINALITY AS p (payer, at) ORDER BY at
  ON CONFLICT DO NOTHING;
  PERFORM FROM credit_holders WHERE account_id = ANY (payers) ORDER BY account_id FOR NO KEY UPDATE;
  SELECT account_id, account INTO wrong FROM ledger_entries
  WHERE account_id = ANY (payers) GROUP BY account_id, account HAVING sum(amount_won) > 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% of account % falls below zero', wrong.account, wrong.account_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

