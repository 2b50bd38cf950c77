/** What the coming days will charge. */

import { integer, pgTable } from "drizzle-orm/pg-core";
import { day, instant, won } from "./columns";

/** What was expected, the night before and up to a week ahead, to be due by the end of a Seoul day. */
export const chargeForecasts = pgTable("charge_forecasts", {
  day: day("day").primaryKey(),
  count: integer("count").notNull(),
  amountWon: won("amount_won").notNull(),
  madeAt: instant("made_at").notNull(),
});
