import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** Without what npm or a tool of this repository may have set for its own children. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test" as const };

export type Packed = {
  /** The empty folder in which the tarball, and nothing else, was installed. */
  readonly place: string;
  /** Starts the package's program on a free port, and waits until it says where it listens. */
  readonly start: (...args: readonly string[]) => Promise<Started>;
  /** Runs a module that imports the package, and gives what it printed. */
  readonly evaluate: (script: string) => Promise<string>;
  /** Kills what is still running, and removes the folder. */
  readonly remove: () => void;
};

type Started = { readonly process: ChildProcess; readonly url: string };

/** For tests: packs the package `name` in the folder `source`, and installs the tarball in an empty folder. */
export async function installPacked(name: string, source: string): Promise<Packed> {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-pack-`));
  const place = path.join(folder, "empty");
  const started: ChildProcess[] = [];
  const remove = () => {
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // The repository runs no scripts of packages; the one that bundles this package is wanted.
    await npm(source, "pack", "--ignore-scripts=false", "--pack-destination", folder);
    const [tarball, ...others] = readdirSync(folder);
    if (!tarball || others.length > 0) throw new Error("npm pack made no single file.");
    mkdirSync(place);
    await npm(place, "install", "--offline", "--prefix", place, path.join(folder, tarball));
  } catch (error) {
    remove();
    throw error;
  }
  return {
    place,
    remove,
    async start(...args) {
      const program = path.join(place, "node_modules", ".bin", name);
      const child = spawn(program, ["--port", "0", ...args], {
        cwd: place,
        env: environment,
        stdio: ["ignore", "pipe", "inherit"],
      });
      started.push(child);
      return { process: child, url: await addressIn(child.stdout) };
    },
    async evaluate(script) {
      const args = ["--input-type=module", "--eval", script];
      const options = { cwd: place, env: environment };
      return (await promisify(execFile)(process.execPath, args, options)).stdout;
    },
  };
}

async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  const options = ["--no-audit", "--no-fund", "--no-update-notifier"];
  await promisify(execFile)("npm", [...args, ...options], { cwd, env: environment });
}

async function addressIn(output: AsyncIterable<unknown>): Promise<string> {
  let printed = "";
  for await (const chunk of output) {
    printed += String(chunk);
    const url = /listening on (http:\S+)\n/.exec(printed)?.[1];
    if (url) return url;
  }
  throw new Error(`The program ended before it listened: ${printed}`);
}
