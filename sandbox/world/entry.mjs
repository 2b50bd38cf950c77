import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { step } from "./progress.mjs";
import { complaintAbout } from "./requirements.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARENT_CHECK_MS = 1_000;
const FOR_DEVELOPERS =
  "This is a tool for development, and the packages here were installed for production. A server needs only npm start, npm run db:migrate, npm run db:seed and npm run maedal; for the rest run npm ci --include=dev first.";

/**
 * From a bare clone to a running TypeScript file: checks the machine, installs the packages when they are missing
 * or out of date, and hands over. Ends with the exit code of that file.
 * @param {string} script path below the root of the repository
 * @param {{ args: string[], isInteractive?: boolean, environment?: Record<string, string> }} options
 */
export async function enter(script, { args, isInteractive = false, environment = {} }) {
  const complaint = complaintAbout({
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
  });
  if (complaint) return stopWith(complaint);
  if (isInstalledForProduction()) return stopWith(FOR_DEVELOPERS);
  if (!areDependenciesInstalled()) {
    const failure = await step("패키지 설치 (npm ci)", installDependencies).catch((error) => error);
    if (failure) return stopWith(failure.message);
  }
  process.exitCode = await runTypeScript(script, { args, isInteractive, environment });
}

/** Packages were installed, and those of development left out on purpose. */
function isInstalledForProduction() {
  const modules = join(ROOT, "node_modules");
  return existsSync(join(modules, ".package-lock.json")) && !existsSync(join(modules, "tsx"));
}

function stopWith(sentence) {
  console.error(`\n${sentence}`);
  process.exitCode = 1;
}

function areDependenciesInstalled() {
  const lock = join(ROOT, "package-lock.json");
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const stamp = join(ROOT, "node_modules", ".maedal-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash()) return true;
  return statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
}

async function installDependencies() {
  // npm names its own program to the scripts it runs; other package managers set the same variable.
  const npm = process.env.npm_execpath ?? "";
  const isNpm = npm.endsWith("npm-cli.js");
  const command = isNpm ? process.execPath : "npm";
  const args = [...(isNpm ? [npm] : []), "ci", "--include=dev", "--no-audit", "--no-fund"];
  const child = spawn(command, [...args, "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(
      `npm ci ended with exit code ${code}; is the npm registry within reach? It said:\n${firstLines(output)}`,
    );
  }
  writeFileSync(join(ROOT, "node_modules", ".maedal-installed"), lockHash());
}

/** The processes whose end is the end of the demo: the parent, and behind the shell that npm puts between, npm. */
function findAncestors() {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event || parent <= 1) return [parent];
  const answer = spawnSync("ps", ["-o", "ppid=", "-p", String(parent)], { encoding: "utf8" });
  const grandparent = answer.status === 0 ? Number(answer.stdout) : 0;
  return grandparent > 1 ? [parent, grandparent] : [parent];
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function firstLines(output) {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && line !== "npm error");
  return lines.slice(0, 12).join("\n");
}

/** As `npm start` has it: hundreds of charges wait at once, and young memory that holds them is swept less often. */
const NODE_OPTIONS = ["--max-semi-space-size=64"];

/** The child stops in good order by itself when told to, and when this process is gone (its channel closes). */
async function runTypeScript(script, { args, isInteractive, environment }) {
  const command = [...NODE_OPTIONS, "--import", "tsx", join(ROOT, script), ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...environment, ...process.env },
    stdio: [isInteractive ? "inherit" : "ignore", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  const ancestors = findAncestors();
  setInterval(() => {
    if (process.ppid !== ancestors[0] || !ancestors.every(isAlive)) child.kill("SIGTERM");
  }, PARENT_CHECK_MS).unref();
  return await new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}
