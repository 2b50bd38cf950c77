/** What stands on a server: this build, the packages of production, and no others. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What a server reads beside its build, as `docs/going-live.md` names it, and the sandbox, which must refuse to start. */
const FILES = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "next.config.ts",
  "build",
  "commands",
  "db/laws",
  "sandbox",
];

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), link: z.boolean().optional() }),
  ),
});

/** Makes of `folder` what a clone, `npm run build` and `npm ci --omit=dev` make of a server, without the network. */
export function installForProduction(folder: string): void {
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  linkFolder(join(ROOT, ".next"), join(folder, ".next"), ["cache", "dev"]);
  const lock = join("node_modules", ".package-lock.json");
  const { packages } = Lock.parse(
    JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")),
  );
  for (const [path, { dev, link }] of Object.entries(packages)) {
    // The root and the workspaces are in the lock, too, and packages for other machines.
    if (!path.startsWith("node_modules/") || link || dev || !existsSync(join(ROOT, path))) continue;
    linkFolder(join(ROOT, path), join(folder, path), ["node_modules"]);
  }
  cpSync(join(ROOT, lock), join(folder, lock));
  linkPrograms(folder);
}

/** The programs of the packages that are there, each a link to a file of its package. */
function linkPrograms(folder: string): void {
  const programs = join("node_modules", ".bin");
  mkdirSync(join(folder, programs));
  for (const name of readdirSync(join(ROOT, programs))) {
    const target = readlinkSync(join(ROOT, programs, name));
    if (existsSync(join(folder, programs, target)))
      symlinkSync(target, join(folder, programs, name));
  }
}

/** A copy that takes no room where the file system can share files. */
function linkFolder(from: string, to: string, leftOut: readonly string[] = []): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (leftOut.includes(entry.name)) continue;
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isFile()) linkFile(source, target);
  }
}

function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // The folder lies on another disk.
    copyFileSync(from, to);
  }
}
