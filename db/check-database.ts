import postgres from "postgres";
import { type Connection, openConnection } from "@/db/connection";

/** Time limit for each answer. With the time limit for opening, the check ends within ten seconds. */
const ANSWER_MS = 2_000;

/** Throws an error with the cure when the database does not answer, or when a pooler splits transactions. */
export async function checkDatabase(url: string): Promise<void> {
  const place = url.replace(/^\w+:\/\/(.*@)?/, "").replace(/\?.*/, "");
  const connection = await openConnection(url, { parsers: {}, serializers: {} }).catch((cause) => {
    throw new Error(reasonOf(place, cause), { cause });
  });
  try {
    await checkTransaction(connection);
  } catch (cause) {
    throw new Error(
      `The connection pooler at ${place} does not keep a transaction on one connection. Set its pool mode to transaction or session, or let DATABASE_URL name PostgreSQL itself.`,
      { cause },
    );
  } finally {
    await connection.close();
  }
}

function reasonOf(place: string, cause: unknown): string {
  if (cause instanceof postgres.PostgresError)
    return `The database at ${place} refuses the app: ${cause.message}.`;
  return `The database at ${place} does not answer. Is it running, and is DATABASE_URL right?`;
}

async function checkTransaction(connection: Connection): Promise<void> {
  const ask = (text: string) => connection.ask({ text }, ANSWER_MS);
  await ask("begin");
  const [before] = await ask("select pg_backend_pid() as pid");
  const [after] = await ask("select pg_backend_pid() as pid");
  await ask("commit");
  if (before?.pid !== after?.pid) throw new Error("Two statements met different backends");
}
