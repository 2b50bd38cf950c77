-- Nothing was ever posted to the account `credit`: the new list of accounts, which lacks it, is checked on every row.
CREATE TABLE "credit_grants" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"request_id" text NOT NULL,
	"amount_won" bigint NOT NULL,
	"reason" text NOT NULL,
	"granted_by" text NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credit_grants_amount" CHECK ("credit_grants"."amount_won" >= 1)
);
--> statement-breakpoint
CREATE TABLE "credit_holders" (
	"account_id" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_account";--> statement-breakpoint
ALTER TABLE "ledger_entries" ALTER COLUMN "invoice_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "credit_grants" ADD CONSTRAINT "credit_grants_account_id_customers_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_holders" ADD CONSTRAINT "credit_holders_account_id_customers_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "credit_grants_request" ON "credit_grants" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "credit_grants_account" ON "credit_grants" USING btree ("account_id","granted_at");--> statement-breakpoint
CREATE INDEX "ledger_entries_credit" ON "ledger_entries" USING btree ("account_id","account","amount_won") WHERE "ledger_entries"."account_id" is not null;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_payer" CHECK (("ledger_entries"."account_id" is not null) = ("ledger_entries"."account" in ('credit-paid','credit-granted')));--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account" CHECK ("ledger_entries"."account" in ('receivable','pg-clearing','unearned','revenue','vat-payable','refunds','credit-paid','vat-of-credit','credit-granted','promotion','forgiven','penalty'));
--> statement-breakpoint
-- A journal without an invoice is that of an operator's grant.
CREATE OR REPLACE FUNCTION ledger_refuse_wrong_journals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT journal_id INTO wrong FROM inserted GROUP BY journal_id HAVING sum(amount_won) <> 0 LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal % does not sum to zero', wrong USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT journal_id INTO wrong
  FROM (SELECT DISTINCT journal_id, invoice_id, charge_id, refund_id FROM inserted) j
  WHERE CASE
      WHEN charge_id IS NOT NULL THEN
        invoice_id IS NULL OR (SELECT c.invoice_id FROM charges c WHERE c.id = j.charge_id) IS DISTINCT FROM j.invoice_id
      WHEN invoice_id IS NOT NULL THEN (SELECT i.id FROM invoices i WHERE i.id = j.invoice_id) IS NULL
      ELSE (SELECT g.id FROM credit_grants g WHERE g.id = j.journal_id) IS NULL
    END
    OR refund_id IS NOT NULL
      AND (charge_id IS NULL OR (SELECT r.charge_id FROM refunds r WHERE r.id = j.refund_id) IS DISTINCT FROM j.charge_id)
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal % speaks of what is not there', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- No payer's credit falls below zero, whatever runs at once. A statement that moves credit locks its payers in the order
-- of their ids, then sums what they hold; a statement that moves none locks nothing. The sum has to see what others
-- committed while this transaction waited, which only READ COMMITTED does.
CREATE FUNCTION ledger_refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
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
      ELSE (SELECT i.customer_id FROM invoices i WHERE i.id = n.invoice_id)
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
--> statement-breakpoint
CREATE TRIGGER ledger_entries_within_credit AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_overdraft();
--> statement-breakpoint
-- What the ledger speaks of stays, and so does a payer's lock.
CREATE TRIGGER credit_grants_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON credit_grants
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER credit_holders_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON credit_holders
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();