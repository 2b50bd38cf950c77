import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Writes `npm run maedal` into one file with all it imports, and the migrations beside it. `distDir` is the folder Next
 * builds into.
 */
export async function bundleCommands(distDir: string): Promise<void> {
  // A server that only starts reads this file too, and has no bundler.
  const { build } = await import("esbuild");
  const folder = join(distDir, "maedal");
  await build({
    entryPoints: [join(ROOT, "commands", "main.ts")],
    outfile: join(folder, "main.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    external: ["@next/env"],
    // Packages in the older module format ask for Node's own modules by this name.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  await cp(join(ROOT, "db", "migrations"), join(folder, "migrations"), { recursive: true });
}
