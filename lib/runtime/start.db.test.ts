import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Starts what the server starts with, in a process of its own. */
function start(changes: Readonly<Record<string, string>>) {
  const script =
    'import("./lib/runtime/start.ts").then(({ checkStart }) => checkStart()).then(() => process.exit(0));';
  return spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    env: { ...process.env, ...changes },
    encoding: "utf8",
    timeout: 20_000,
  });
}

test("with a database and a full environment it goes on", () => {
  expect(start({})).toMatchObject({ status: 0, stderr: "" });
});

test("a database that is down ends the start with one sentence that names it", () => {
  const { status, stderr } = start({ DATABASE_URL: "postgres://postgres@127.0.0.1:1/maedal" });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    "The database at 127.0.0.1:1/maedal does not answer. Is it running, and is DATABASE_URL right?",
  );
});

test("each missing or bad variable is named", () => {
  const { status, stderr } = start({
    NEXTAUTH_SECRET: "short",
    TOSS_SECRET_KEY: "",
    BILLING_KEY_SECRETS: "k1:abc",
  });
  expect(status).toBe(1);
  for (const name of ["NEXTAUTH_SECRET", "TOSS_SECRET_KEY", "BILLING_KEY_SECRETS"])
    expect(stderr).toContain(`${name}:`);
  expect(stderr).not.toContain("DATABASE_URL:");
});
