-- A contract consists of terms with items, and an invoice of lines and of what is due of it. What the version before
-- this one writes still fits: its columns stay until the migration that drops them, which carries over once more.
CREATE TABLE "subscription_terms" (
	"subscription_id" text NOT NULL,
	"seq" integer NOT NULL,
	"starts_on" date NOT NULL,
	"interval" text NOT NULL,
	"anchor_on" date NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "subscription_terms_subscription_id_seq_pk" PRIMARY KEY("subscription_id","seq"),
	CONSTRAINT "subscription_terms_interval" CHECK ("subscription_terms"."interval" in ('month','quarter','year'))
);
--> statement-breakpoint
CREATE TABLE "subscription_items" (
	"subscription_id" text NOT NULL,
	"seq" integer NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"price_id" text,
	"unit_won" bigint NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "subscription_items_subscription_id_seq_position_pk" PRIMARY KEY("subscription_id","seq","position"),
	CONSTRAINT "subscription_items_kind" CHECK ("subscription_items"."kind" in ('plan','add-on') and ("subscription_items"."kind" = 'plan') = ("subscription_items"."position" = 0)),
	CONSTRAINT "subscription_items_amounts" CHECK ("subscription_items"."unit_won" >= 0 and "subscription_items"."quantity" >= 1)
);
--> statement-breakpoint
CREATE TABLE "renewal_findings" (
	"id" text PRIMARY KEY NOT NULL,
	"subscription_id" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"expects" text,
	"expected_won" bigint NOT NULL,
	"decides" text,
	"decided_won" bigint NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" text,
	"note" text,
	CONSTRAINT "renewal_findings_decides" CHECK ("renewal_findings"."decides" in ('charge','end')),
	CONSTRAINT "renewal_findings_resolved" CHECK (("renewal_findings"."resolved_at" is null) = ("renewal_findings"."resolved_by" is null))
);
--> statement-breakpoint
CREATE TABLE "subscription_changes" (
	"id" text PRIMARY KEY NOT NULL,
	"subscription_id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"requested_by" text NOT NULL,
	"takes_effect_on" date NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "subscription_changes_status" CHECK ("subscription_changes"."status" in ('quoted','waiting-for-money','booked','applied','undone','lapsed')),
	CONSTRAINT "subscription_changes_kind" CHECK ("subscription_changes"."kind" in ('plan','interval','quantity','add-on','coupon','pause','resume','cancel')),
	CONSTRAINT "subscription_changes_closed" CHECK (("subscription_changes"."status" in ('applied','undone','lapsed')) = ("subscription_changes"."closed_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "subscription_changes" ADD CONSTRAINT "subscription_changes_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "subscription_changes_subscription" ON "subscription_changes" USING btree ("subscription_id","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "subscription_changes_one_waiting" ON "subscription_changes" USING btree ("subscription_id") WHERE "subscription_changes"."status" = 'waiting-for-money';--> statement-breakpoint
CREATE UNIQUE INDEX "subscription_changes_one_end" ON "subscription_changes" USING btree ("subscription_id") WHERE "subscription_changes"."status" = 'booked' and "subscription_changes"."kind" = 'cancel';--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "change_id" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_change_id_subscription_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."subscription_changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "renewal_findings" ADD CONSTRAINT "renewal_findings_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_terms" ADD CONSTRAINT "subscription_terms_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD CONSTRAINT "subscription_items_price_id_prices_id_fk" FOREIGN KEY ("price_id") REFERENCES "public"."prices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD CONSTRAINT "subscription_items_terms" FOREIGN KEY ("subscription_id","seq") REFERENCES "public"."subscription_terms"("subscription_id","seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "renewal_findings_one_open" ON "renewal_findings" USING btree ("subscription_id") WHERE "renewal_findings"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "renewal_findings_found_at" ON "renewal_findings" USING btree ("found_at");--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "kind" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "credit_granted_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "credit_used_granted_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "credit_used_paid_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "forgiven_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "top_up_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "due_won" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "cycle" integer;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "n" integer;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "interval" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "terms_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "cycle" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "n" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "paid_to" date;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "agreed_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "expects" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "expected_won" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "pays_to" date;--> statement-breakpoint
CREATE FUNCTION carry_over_to_terms() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO subscription_terms (subscription_id, seq, starts_on, interval, anchor_on, recorded_at)
  SELECT id, 0, anchor_on, interval, anchor_on, created_at FROM subscriptions
  ON CONFLICT (subscription_id, seq) DO UPDATE SET starts_on = excluded.starts_on, anchor_on = excluded.anchor_on;

  INSERT INTO subscription_items (subscription_id, seq, position, kind, key, price_id, unit_won, quantity)
  SELECT id, 0, 0, 'plan', plan_id, price_id, amount_won, 1 FROM subscriptions
  ON CONFLICT (subscription_id, seq, position) DO NOTHING;

  -- The nth period is counted from the anchor: 31 January, 28 February, 31 March.
  WITH counted AS (
    SELECT s.id, expected.kind AS expects,
      (s.anchor_on + make_interval(months => s.periods_paid * m.months))::date AS paid_to,
      (s.anchor_on + make_interval(months => (s.periods_paid + 1) * m.months))::date AS pays_to
    FROM subscriptions s
    CROSS JOIN LATERAL (SELECT CASE s.interval WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 ELSE 1 END AS months) m
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.status IN ('incomplete', 'ended') THEN NULL
        -- Nothing is booked while a charge is under way.
        WHEN s.next_action_at IS NULL THEN 'charge'
        WHEN s.cancels_on IS NOT NULL THEN 'end'
        WHEN s.status = 'past-due' AND s.next_try_on IS NULL THEN 'end'
        WHEN s.status = 'trialing' AND NOT EXISTS (
          SELECT FROM consents c
          WHERE c.subscription_id = s.id AND c.voided_at IS NULL
            AND c.changes_on = s.anchor_on AND c.to_won >= s.amount_won
            AND c.agreed_at >= (c.changes_on - 30)::timestamp AT TIME ZONE 'Asia/Seoul'
            AND c.agreed_at < (c.changes_on + time '10:00') AT TIME ZONE 'Asia/Seoul') THEN 'end'
        ELSE 'charge'
      END AS kind) expected)
  UPDATE subscriptions s SET
    n = s.periods_paid, paid_to = c.paid_to,
    agreed_won = CASE WHEN s.periods_paid > 0 THEN s.amount_won ELSE 0 END,
    expects = c.expects,
    expected_won = CASE c.expects WHEN 'charge' THEN s.amount_won ELSE 0 END,
    pays_to = CASE c.expects WHEN 'charge' THEN c.pays_to END
  FROM counted c WHERE c.id = s.id;

  -- An end that is booked, as far as it is known who wished for it and when.
  INSERT INTO subscription_changes (id, subscription_id, kind, status, requested_at, requested_by, takes_effect_on)
  SELECT 'chn_' || md5(s.id || s.cancels_on), s.id, 'cancel', 'booked', coalesce(a.at, s.updated_at),
    coalesce(a.actor, 'system'), s.cancels_on
  FROM subscriptions s LEFT JOIN LATERAL (
    SELECT at, actor FROM audit_log
    WHERE subject_id = s.id AND action = 'subscription.cancel' ORDER BY at DESC LIMIT 1) a ON true
  WHERE s.status <> 'ended' AND s.cancels_on IS NOT NULL
  ON CONFLICT DO NOTHING;

  UPDATE subscription_changes c SET
    status = CASE s.status WHEN 'ended' THEN 'applied' ELSE 'undone' END, closed_at = s.updated_at
  FROM subscriptions s WHERE s.id = c.subscription_id AND c.status = 'booked' AND s.cancels_on IS NULL;

  UPDATE invoices i SET
    kind = 'period', due_won = i.total_won, cycle = 0, interval = s.interval,
    -- A void invoice may be of an order that began anew on a later day.
    n = greatest(0, (extract(year FROM i.period_starts_on)::int * 12 + extract(month FROM i.period_starts_on)::int
        - extract(year FROM s.anchor_on)::int * 12 - extract(month FROM s.anchor_on)::int)
      / CASE s.interval WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 ELSE 1 END),
    lines = jsonb_build_array(jsonb_build_object(
      'kind', 'plan', 'key', s.plan_id, 'won', i.total_won, 'netWon', i.total_won, 'unitWon', i.total_won,
      'quantity', 1, 'days', i.period_ends_on - i.period_starts_on, 'ofDays', i.period_ends_on - i.period_starts_on,
      'from', i.period_starts_on, 'to', i.period_ends_on))
  FROM subscriptions s WHERE s.id = i.subscription_id AND i.kind IS NULL;

  UPDATE invoices i SET
    kind = 'once', due_won = i.total_won,
    lines = jsonb_build_array(jsonb_build_object(
      'kind', 'once', 'key', p.plan_id, 'won', i.total_won, 'unitWon', i.total_won, 'quantity', 1))
  FROM checkouts k JOIN prices p ON p.id = k.price_id
  WHERE k.id = i.checkout_id AND i.subscription_id IS NULL AND i.kind IS NULL;
END $$;
--> statement-breakpoint
SELECT carry_over_to_terms();
