/** What is sold, at which price. */

import { sql } from "drizzle-orm";
import { boolean, check, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Interval } from "@/lib/billing/calendar";
import type { Bilingual, Entitlements, PlanKind } from "@/lib/billing/catalogue/plan";
import { won } from "./columns";

export const plans = pgTable("plans", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<PlanKind>().notNull(),
  product: text("product").notNull(),
  name: jsonb("name").$type<Bilingual>().notNull(),
  description: jsonb("description").$type<Bilingual>().notNull(),
  features: jsonb("features").$type<readonly Bilingual[]>().notNull(),
  entitlements: jsonb("entitlements").$type<Entitlements>().notNull(),
  active: boolean("active").notNull(),
  position: integer("position").notNull(),
});

/** Never edited: another amount is another row with the next version. */
export const prices = pgTable(
  "prices",
  {
    id: text("id").primaryKey(),
    planId: text("plan_id")
      .notNull()
      .references(() => plans.id),
    interval: text("interval").$type<Interval>(),
    amountWon: won("amount_won").notNull(),
    trialDays: integer("trial_days").notNull().default(0),
    version: integer("version").notNull(),
    active: boolean("active").notNull(),
  },
  (table) => [
    uniqueIndex("prices_version").on(
      table.planId,
      sql`coalesce(${table.interval}, 'once')`,
      table.version,
    ),
    uniqueIndex("prices_one_active")
      .on(table.planId, sql`coalesce(${table.interval}, 'once')`)
      .where(sql`${table.active}`),
    check("prices_amount", sql`${table.amountWon} >= 100`),
    check("prices_interval", sql`${table.interval} in ('month','quarter','year')`),
  ],
);
