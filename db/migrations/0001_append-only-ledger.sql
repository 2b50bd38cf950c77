-- The ledger is written once: no update, no delete, and each journal inserted sums to zero.
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger_entries is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
--> statement-breakpoint
CREATE FUNCTION ledger_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unbalanced text;
BEGIN
  SELECT journal_id INTO unbalanced FROM inserted GROUP BY journal_id HAVING sum(amount_won) <> 0 LIMIT 1;
  IF unbalanced IS NOT NULL THEN
    RAISE EXCEPTION 'journal % does not sum to zero', unbalanced USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_unbalanced();
--> statement-breakpoint
-- Σ approved ≤ invoice is the unique index charges_one_approved; a price is never edited, only retired.
CREATE FUNCTION prices_refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.plan_id, NEW.interval, NEW.amount_won, NEW.trial_days, NEW.version)
     IS DISTINCT FROM (OLD.id, OLD.plan_id, OLD.interval, OLD.amount_won, OLD.trial_days, OLD.version) THEN
    RAISE EXCEPTION 'a price is never edited: insert the next version' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER prices_never_edited BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION prices_refuse_edit();
