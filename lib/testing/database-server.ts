import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "@/db/migrate";
import { removeCluster, startPostgres } from "@/sandbox/world/postgres";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL server whose user is a superuser: may create databases, and empty them past their triggers. */
    databaseServerUrl: string;
    /** A migrated, empty database that each test file's own is copied from. */
    databaseTemplate: string;
  }
}

/** Once for all test files: one PostgreSQL, and on it one migrated template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await findOrStartServer();
  const template = `maedal_template_${process.pid}`;
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await sql`create database ${sql(template)}`;
    await migrateDatabase(new URL(`/${template}`, server.url).href);
    project.provide("databaseServerUrl", server.url);
    project.provide("databaseTemplate", template);
  } catch (error) {
    await sql.end();
    await server.stop();
    throw error;
  }
  return async () => {
    await sql`drop database ${sql(template)} with (force)`;
    await sql.end();
    await server.stop();
  };
}

async function findOrStartServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  // biome-ignore lint/style/noProcessEnv: a test server is named by the person who runs the tests, not by the app's environment
  const named = process.env.DATABASE_URL_TEST;
  if (named) return { url: named, stop: async () => {} };
  const dataFolder = mkdtempSync(join(tmpdir(), "maedal-db-tests-"));
  const server = await startPostgres({
    port: await freePort(),
    dataFolder,
    logFile: join(dataFolder, "postgres.log"),
    isDisposable: true,
  });
  const stop = async () => {
    await server.process.stop();
    removeCluster(dataFolder);
    rmSync(dataFolder, { recursive: true, force: true });
  };
  return { url: server.urlOf("postgres"), stop };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("A TCP server has no address.");
  return address.port;
}
