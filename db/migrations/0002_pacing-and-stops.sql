CREATE TABLE "call_pacing" (
	"id" integer PRIMARY KEY NOT NULL,
	"next_call_at" timestamp (3) with time zone NOT NULL,
	"unknowns_in_a_row" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "charging_stops" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"resumes_at" timestamp (3) with time zone,
	"released_at" timestamp (3) with time zone,
	"released_by" text,
	CONSTRAINT "charging_stops_kind" CHECK ("charging_stops"."kind" in ('config-fault','outage','brake'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "charging_stops_one_open" ON "charging_stops" USING btree ("kind") WHERE "charging_stops"."released_at" is null;--> statement-breakpoint
CREATE INDEX "charges_in_flight" ON "charges" USING btree ("leased_until") WHERE "charges"."status" = 'pending' and "charges"."called_at" is not null;--> statement-breakpoint
INSERT INTO call_pacing (id, next_call_at, unknowns_in_a_row) VALUES (1, 'epoch', 0);
