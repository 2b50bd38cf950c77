import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { worldEnvironment } from "@/sandbox/world/environment";

// Each test file's own database and environment, made before the file's imports read them.
const server = postgres(inject("databaseServerUrl"), { max: 1, onnotice: () => {} });
const name = `maedal_test_${randomBytes(6).toString("hex")}`;
const dataFolder = mkdtempSync(join(tmpdir(), "maedal-db-test-"));
await server`create database ${server(name)} template ${server(inject("databaseTemplate"))}`;

// Nothing listens on these ports: a database test that calls the network is a mistake and fails at once.
const ports = { app: 1, toss: 2, inngest: 3, postgres: 4 };
Object.assign(
  // biome-ignore lint/style/noProcessEnv: this is where a test's environment comes from
  process.env,
  worldEnvironment(
    {
      ports,
      dataFolder,
      databaseUrl: new URL(`/${name}`, inject("databaseServerUrl")).href,
      inngestUrl: "http://127.0.0.1:3",
    },
    {},
  ),
);

afterAll(async () => {
  const { closeDb } = await import("@/db/client");
  await closeDb();
  await server`drop database ${server(name)} with (force)`;
  await server.end();
  rmSync(dataFolder, { recursive: true, force: true });
});
