-- Nothing reads these two.
DROP INDEX "audit_log_subject";--> statement-breakpoint
DROP INDEX "messages_user";--> statement-breakpoint
-- An attempt is marked as called moments after it was written. With room left on its page, and no index on what changes,
-- PostgreSQL writes the new version beside the old one and leaves the indexes alone. The room is used again by the
-- version with the outcome, so the table does not grow.
DROP INDEX "charges_in_flight";--> statement-breakpoint
ALTER TABLE "charges" SET (fillfactor = 50);
