/** A real PgBouncer in front of the test's database, for who has one. */
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePorts } from "@/sandbox/world/ports";
import { findOrMakePostgresUser } from "@/sandbox/world/postgres-programs";
import { startChild, waitUntilReady } from "@/sandbox/world/processes";
import type { PoolMode } from "./pooler";

export async function startPgBouncer(program: string, url: string, mode: PoolMode) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  const { postgres: ownPort } = await findFreePorts();
  const folder = mkdtempSync(join(tmpdir(), "maedal-pgbouncer-"));
  const owner = process.getuid?.() === 0 ? findOrMakePostgresUser() : undefined;
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]
${database} = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
max_client_conn = 500
default_pool_size = 5
`,
  );
  if (owner) for (const path of [folder, file]) chownSync(path, owner.uid, owner.gid);
  const child = await startChild({
    name: "PgBouncer",
    command: program,
    args: [file],
    env: {},
    cwd: "/",
    logFile: join(folder, "pgbouncer.log"),
    stopSignal: "SIGINT",
    owner,
  });
  await waitUntilReady(child, () => accepts(ownPort), 10_000);
  const own = new URL(url);
  own.host = `127.0.0.1:${ownPort}`;
  return {
    url: own.href,
    async close() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() && true));
    socket.on("error", () => resolve(false));
  });
}
