ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_invoice_id_invoices_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_charge_id_charges_id_fk";
--> statement-breakpoint
ALTER TABLE "ledger_entries" DROP CONSTRAINT "ledger_entries_refund_id_refunds_id_fk";
--> statement-breakpoint
-- A statement's journals are checked together: each sums to zero, and speaks of an invoice that is there, of a charge
-- of that invoice, and of a refund of that charge. Row by row, foreign keys would ask twelve times a renewal, and would
-- not see a charge of another invoice.
DROP TRIGGER ledger_entries_balanced ON ledger_entries;
--> statement-breakpoint
DROP FUNCTION ledger_refuse_unbalanced;
--> statement-breakpoint
CREATE FUNCTION ledger_refuse_wrong_journals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT journal_id INTO wrong FROM inserted GROUP BY journal_id HAVING sum(amount_won) <> 0 LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal % does not sum to zero', wrong USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT journal_id INTO wrong
  FROM (SELECT DISTINCT journal_id, invoice_id, charge_id, refund_id FROM inserted) j
  WHERE CASE
      WHEN charge_id IS NULL THEN (SELECT i.id FROM invoices i WHERE i.id = j.invoice_id) IS NULL
      ELSE (SELECT c.invoice_id FROM charges c WHERE c.id = j.charge_id) IS DISTINCT FROM j.invoice_id
    END
    OR refund_id IS NOT NULL AND (SELECT r.charge_id FROM refunds r WHERE r.id = j.refund_id) IS DISTINCT FROM j.charge_id
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal % speaks of what is not there', wrong USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entries_right AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_wrong_journals();
--> statement-breakpoint
-- What the ledger speaks of stays, under its name: invoices, charges and refunds are evidence.
CREATE FUNCTION evidence_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are never removed or moved', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER invoices_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id ON invoices
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER charges_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, invoice_id ON charges
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
--> statement-breakpoint
CREATE TRIGGER refunds_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, charge_id ON refunds
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_removal();
