/**
 * `npm run maedal -- COMMAND`: what is done on a server by hand. A build bundles this file, so that a server needs no
 * packages of development for it (build/commands.ts).
 */
import nextEnv from "@next/env";
import { checkDatabase } from "@/db/check-database";
import { closeDb } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { seedDatabase } from "@/db/seed/seed";
import { deps } from "@/deps";
import { env } from "@/lib/runtime/env";
import { describeFault } from "@/lib/runtime/log";
import { runCredit } from "./credit";
import { runOperator } from "./operator";
import { complain, say } from "./words";

const USAGE = `npm run maedal -- operator add EMAIL [--role operator|owner|support] [--name NAME]
npm run maedal -- operator list
npm run maedal -- operator remove EMAIL
npm run maedal -- credit grant EMAIL|ACCOUNT WON --reason TEXT    (npm run credit -- grant ...)
npm run maedal -- credit show EMAIL|ACCOUNT
npm run maedal -- migrate    (npm run db:migrate)
npm run maedal -- seed       (npm run db:seed)`;

process.exitCode = await run(process.argv.slice(2)).catch((fault: unknown) => {
  complain(fault instanceof Error ? fault.message : describeFault(fault));
  return 1;
});
await closeDb();

/** The exit code: 0 when it is done, 1 when it was refused or failed, 2 when nobody knows such a command. */
async function run([command, ...args]: readonly string[]): Promise<number> {
  // The same files as `next start` reads.
  nextEnv.loadEnvConfig(process.cwd(), false, { info: () => undefined, error: complain });
  const work = findCommand(command, args);
  if (!work) {
    complain(USAGE);
    return 2;
  }
  env();
  await checkDatabase(env().DATABASE_URL);
  return work();
}

function findCommand(
  command: string | undefined,
  args: readonly string[],
): (() => Promise<number>) | null {
  if (command === "operator") return runOperator(args);
  if (command === "credit") return runCredit(args);
  if (args.length > 0) return null;
  if (command === "migrate") return migrate;
  if (command === "seed") return seed;
  return null;
}

async function migrate(): Promise<number> {
  await migrateDatabase(env().DATABASE_URL);
  say("데이터베이스가 최신이에요.", "The database is up to date.");
  return 0;
}

async function seed(): Promise<number> {
  await seedDatabase(env().DATABASE_URL, {
    sandboxPeople: env().APP_ENV === "sandbox",
    minimumWon: deps().gateway.capabilities.minimumWon,
  });
  say("요금제와 가격을 맞췄어요.", "Plans and prices are up to date.");
  return 0;
}
