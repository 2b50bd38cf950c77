import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url);
const entry = (path) => fileURLToPath(here(path));

// The packed package needs no other one: all that the entries import goes into dist/, with the licences.
await rm(here("dist"), { recursive: true, force: true });
await build({
  entryPoints: {
    main: entry("main.ts"),
    server: entry("server.ts"),
    control: entry("control.ts"),
  },
  outdir: entry("dist"),
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "error",
});
await cp(here("../../LICENSE"), here("dist/LICENSE"));
for (const name of ["croner", "zod"]) {
  const folder = import.meta.resolve(`${name}/package.json`);
  await cp(new URL("LICENSE", folder), here(`dist/LICENSE-${name}`));
}
