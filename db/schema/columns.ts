/** Columns that many tables have. */

import { bigint, date, timestamp } from "drizzle-orm/pg-core";
import type { CalendarDate } from "@/lib/billing/calendar";
import type { Won } from "@/lib/billing/money";

export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
export const day = (name: string) => date(name).$type<CalendarDate>();
export const won = (name: string) => bigint(name, { mode: "number" }).$type<Won>();
