import { createServer } from "node:net";
import type { Environment, Ports } from "./environment";
import { Failure } from "./failure";

const VARIABLES = {
  app: { variable: "PORT", usual: 3000, what: "the app" },
  toss: { variable: "TOSS_PORT", usual: 3001, what: "the Toss emulator" },
  inngest: { variable: "INNGEST_PORT", usual: 8288, what: "the job runner" },
  postgres: { variable: "PG_PORT", usual: 5433, what: "PostgreSQL" },
} as const;

type Part = keyof Ports;

/** The ports a person asked for, or the usual ones. Fails with one sentence on a value that is no port, or one given twice. */
export function readPorts(person: Environment): Ports {
  const ports = {
    app: readPort("app", person),
    toss: readPort("toss", person),
    inngest: readPort("inngest", person),
    postgres: readPort("postgres", person),
  };
  const taken = new Map<number, string>();
  for (const [part, { variable }] of Object.entries(VARIABLES)) {
    const port = ports[part as Part];
    const other = taken.get(port);
    if (other) throw new Failure(`${other} and ${variable} are both ${port}; give each its own.`);
    taken.set(port, variable);
  }
  return ports;
}

/** Fails with one sentence on the first part whose port another program holds. */
export async function refuseTakenPorts(ports: Ports, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    const port = ports[part];
    if (await isFree(port)) continue;
    const { variable, what } = VARIABLES[part];
    throw new Failure(
      `Port ${port}, meant for ${what}, is taken by another program; stop it or choose another port with ${variable}, as in: ${variable}=${port + 10} npm run demo`,
    );
  }
}

/** Four ports nobody holds at the moment. */
export async function findFreePorts(): Promise<Ports> {
  const servers = await Promise.all([listen(0), listen(0), listen(0), listen(0)]);
  const [app = 0, toss = 0, inngest = 0, postgres = 0] = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
  return { app, toss, inngest, postgres };
}

function readPort(part: Part, person: Environment): number {
  const { variable, usual } = VARIABLES[part];
  const text = person[variable];
  if (!text) return usual;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Failure(`${variable} must be a whole number from 1 to 65535, and it is "${text}".`);
}

/** Both on every address and on loopback alone: a program may hold either. */
async function isFree(port: number): Promise<boolean> {
  for (const host of [undefined, "127.0.0.1"]) {
    try {
      const server = await listen(port, host);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    } catch {
      return false;
    }
  }
  return true;
}

async function listen(port: number, host?: string) {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, resolve);
  });
  return server;
}
