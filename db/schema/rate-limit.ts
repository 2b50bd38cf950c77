/** Tries counted per window of time. */

import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/** Tries within a window, per key such as `sign-in:203.0.113.7`. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    key: text("key").notNull(),
    windowStartsAt: instant("window_starts_at").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.windowStartsAt] }),
    index("rate_limits_window").on(table.windowStartsAt),
  ],
);
