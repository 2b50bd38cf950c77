/** Every statement the app sends to PostgreSQL from now on, as the driver gets it: with `$n` in place of values. */
import { PostgresJsSession } from "drizzle-orm/postgres-js";

/** What `explain` takes. */
const PLANNED = /^\s*(--.*\n\s*)*(select|insert|update|delete|with)\b/i;

/** Answers the statements heard so far, each once and in alphabetical order. */
export function listenToStatements(): () => readonly string[] {
  const heard = new Set<string>();
  const { prototype } = PostgresJsSession;
  const prepare = prototype.prepareQuery;
  prototype.prepareQuery = function listen(this: typeof prototype, query, ...rest) {
    if (PLANNED.test(query.sql)) heard.add(query.sql.trim());
    return prepare.call(this, query, ...rest);
  } as typeof prepare;
  return () => [...heard].toSorted((one, other) => (one < other ? -1 : 1));
}
