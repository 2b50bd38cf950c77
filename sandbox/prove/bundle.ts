/**
 * One file per worker, made once and started hundreds of times. The bundler is the one tsx carries. On the way in, the
 * modules through which an operation touches the world (`db/client`, `deps`, `lib/runtime/mail`) are exchanged for ones
 * that know the kill points, and each operation is given its name, so that the product's code holds no hook at all.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PART_MODULES } from "./parts";
import { SABOTAGED_MODULES } from "./sabotage";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const OPERATIONS = join(ROOT, "lib/operations");
const STAND_INS: Readonly<Record<string, string>> = {
  [join(ROOT, "db/client.ts")]: join(ROOT, "sandbox/prove/worker/client.ts"),
  [join(ROOT, "deps.ts")]: join(ROOT, "sandbox/prove/worker/deps.ts"),
  [join(ROOT, "lib/runtime/mail.ts")]: join(ROOT, "sandbox/prove/worker/mail.ts"),
};

type Resolve = { readonly path: string; readonly importer: string; readonly resolveDir: string };
type Resolved = { readonly path: string; readonly namespace?: string } | undefined;
type Loaded = { readonly contents: string; readonly loader: "ts"; readonly resolveDir: string };
type Build = {
  onResolve(on: { filter: RegExp }, callback: (args: Resolve) => Resolved): void;
  onLoad(
    on: { filter: RegExp; namespace: string },
    callback: (args: { path: string }) => Loaded,
  ): void;
};
type Bundler = {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>;
};

/** Starts the bundle beside it from compiled code, which the first start leaves behind: half the cost of a birth. */
const BOOT = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");
const bundle = __dirname + "/bundle.cjs";
const compiled = bundle + ".compiled";
const isCompiled = existsSync(compiled);
const script = new Script("(function (require, module, exports) {" + readFileSync(bundle, "utf8") + "\\n})", {
  filename: bundle,
  ...(isCompiled && { cachedData: readFileSync(compiled) }),
});
script.runInThisContext()(require, module, exports);
if (!isCompiled) setTimeout(() => {
  const own = compiled + "." + process.pid;
  writeFileSync(own, script.createCachedData());
  renameSync(own, compiled);
}, 1500);
`;

/** Writes the worker into `folder`; answers the file that starts it. */
export async function bundleWorker(folder: string): Promise<string> {
  const functions = readdirSync(join(ROOT, "inngest/functions")).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const contents = [
    ...functions.map((file, at) => `import * as f${at} from "@/inngest/functions/${file}";`),
    `import { startWorker } from "@/sandbox/prove/worker/worker.ts";`,
    `startWorker([${functions.map((_, at) => `f${at}`).join(", ")}]);`,
  ].join("\n");
  await findBundler().build({
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile: join(folder, "bundle.cjs"),
    logLevel: "error",
    define: { "import.meta.url": '"file:///worker"' },
    plugins: [{ name: "kill-points", setup: nameThePoints }],
  });
  const start = join(folder, "worker.cjs");
  writeFileSync(start, BOOT);
  return start;
}

function findBundler(): Bundler {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return createRequire(tsx)("esbuild") as Bundler;
}

function nameThePoints(build: Build): void {
  build.onResolve({ filter: /^real:/ }, ({ path }) => ({ path: path.slice("real:".length) }));
  build.onResolve({ filter: /^(@\/|\.\.?\/)/ }, ({ path, importer, resolveDir }) => {
    const from = path.startsWith("@/") ? join(ROOT, path.slice(2)) : join(resolveDir, path);
    const file = [from, `${from}.ts`, `${from}.tsx`].find(
      (name) => existsSync(name) && /\.tsx?$/.test(name),
    );
    if (!file?.startsWith(ROOT) || file.includes("/node_modules/")) return undefined;
    const standIn = STAND_INS[file];
    if (standIn && importer !== standIn) return { path: file, namespace: "stood-in" };
    const isNamed = file.startsWith(`${OPERATIONS}/`) || isExchanged(file);
    return isNamed ? { path: file, namespace: "named" } : { path: file };
  });
  build.onLoad({ filter: /.*/, namespace: "stood-in" }, ({ path }) => ({
    contents: standInFor(path),
    loader: "ts",
    resolveDir: dirname(path),
  }));
  build.onLoad({ filter: /.*/, namespace: "named" }, ({ path }) => ({
    contents: nameTheOperation(path),
    loader: "ts",
    resolveDir: dirname(path),
  }));
}

/** The module itself, but for what its stand-in exports. */
function standInFor(file: string): string {
  const standIn = STAND_INS[file] ?? "";
  const source = readFileSync(standIn, "utf8");
  const names = [...source.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
  return `export * from "real:${file}"; export { ${names.join(", ")} } from "${standIn}";`;
}

function isExchanged(file: string): boolean {
  const module = relative(ROOT, file).replace(/\.ts$/, "");
  return SABOTAGED_MODULES.includes(module) || PART_MODULES.includes(module);
}

/** The module once more, its functions wrapped: operations in their name, and what a sabotage may exchange in that. */
function nameTheOperation(file: string): string {
  const source = readFileSync(file, "utf8");
  const module = relative(ROOT, file).replace(/\.ts$/, "");
  const isOperation = file.startsWith(`${OPERATIONS}/`);
  const verb = isOperation ? relative(OPERATIONS, file).replace(/\.ts$/, "") : null;
  // A function that is handed a transaction, alone or as part of its work, is part of the operation that began it.
  const declarations = [
    ...source.matchAll(/^export (async )?function (\w+)(?:<[^>]*>)?\(([^)]*)\)/gm),
  ];
  const wrapped = declarations.map(([, isAsync, name, parameters = ""]) => {
    const broken = `inPart("${module}", "${name}", sabotaged("${module}", "${name}", real.${name}))`;
    return verb && isAsync && !/(?:^|,)\s*(?:tx: Tx|work: Work|\{\s*tx)\b/.test(parameters)
      ? `export const ${name} = inOperation("${verb}", ${broken});`
      : `export const ${name} = ${broken};`;
  });
  return [
    `import * as real from "real:${file}";`,
    `import { inOperation, inPart } from "@/sandbox/prove/worker/fate";`,
    `import { sabotaged } from "@/sandbox/prove/worker/sabotaged";`,
    `export * from "real:${file}";`,
    ...wrapped,
  ].join("\n");
}
