import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Environment } from "./environment";
import { Failure } from "./failure";
import { lastLines } from "./processes";
import type { Supervisor } from "./supervisor";

const NOT_OF_THE_APP =
  /^(docs|e2e|bench|\.ci|\.github|packages\/(toss-twin|inngest-local)|sandbox\/world)\/|\.(test|spec)\.tsx?$|\.md$|^(\.gitignore|next-env\.d\.ts)$/;

/** Builds the app for production unless the last build was of these very sources. True when it built. */
export async function buildApp(options: {
  readonly root: string;
  readonly environment: Environment;
  readonly logFile: string;
  readonly supervisor: Supervisor;
}): Promise<boolean> {
  const { root, logFile, supervisor } = options;
  const fingerprint = fingerprintOf(root);
  if (isBuilt(root, fingerprint)) return false;
  const child = await supervisor.tryOut({
    name: "next build",
    command: process.execPath,
    args: [join(root, "node_modules/next/dist/bin/next"), "build"],
    env: { ...options.environment, NODE_ENV: "production" },
    cwd: root,
    logFile,
  });
  const { code } = await child.exited;
  if (code !== 0) {
    const lines = lastLines(logFile, 40).map((line) => `  | ${line}`);
    throw new Failure(
      [`next build ended with exit code ${code}; the end of ${logFile}:`, ...lines].join("\n"),
    );
  }
  writeFileSync(stampFile(root), fingerprint);
  return true;
}

/** Whether the build that lies there is of these sources. */
export function isBuilt(root: string, fingerprint: string): boolean {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint;
}

/** One word for the content of every file that goes into the app: tracked or not, but not ignored. */
export function fingerprintOf(root: string): string {
  const hash = createHash("sha256").update(process.version);
  for (const path of listSources(root).toSorted(byCodeUnit)) {
    if (NOT_OF_THE_APP.test(path)) continue;
    const file = join(root, path);
    if (!existsSync(file) || !statSync(file).isFile()) continue;
    hash.update(`\0${path}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Beside the build, since every other build empties that folder. */
function stampFile(root: string): string {
  return join(root, ".next", "maedal-fingerprint");
}

function listSources(root: string): string[] {
  try {
    const listed = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    });
    return listed.split("\0").filter(Boolean);
  } catch {
    // Not a git checkout, or one of another user: everything but what is made here.
    return walk(root).map((file) => relative(root, file));
  }
}

function walk(folder: string): string[] {
  const made = new Set(["node_modules", ".next", ".sandbox", ".git", "next-env.d.ts"]);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (made.has(entry.name) || entry.name.endsWith(".tsbuildinfo")) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
