/**
 * The one font file that nearly every page needs: Pretendard, cut down to the characters in the sources and to the
 * weights in use. Names that people type may need other characters; the stylesheet takes those from Pretendard's
 * dynamic subset, in files of its own.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FONT = join(ROOT, "app", "font", "maedal-sans.woff2");
const STAMP = join(ROOT, "app", "font", "made-of.json");
/** Sources whose texts reach a page. */
const SOURCES = ["app", "components", "lib", "db/seed"];
const WEIGHTS = { min: 400, max: 700 };

/** Makes the font, unless the one that lies there holds these very characters. */
export async function writeFont(): Promise<void> {
  const pretendard = readPackage("pretendard");
  const subsetter = readPackage("subset-font");
  const characters = await listCharacters();
  const madeOf = JSON.stringify({
    pretendard: pretendard.version,
    subsetter: subsetter.version,
    weights: WEIGHTS,
    characters,
  });
  if (existsSync(FONT) && (await readText(STAMP)) === madeOf) return;
  const { default: subset } = await import("subset-font");
  const file = "dist/web/variable/woff2/PretendardVariable.woff2";
  const font = await subset(await readFile(join(pretendard.folder, file)), characters, {
    targetFormat: "woff2",
    variationAxes: { wght: WEIGHTS },
  });
  await mkdir(join(FONT, ".."), { recursive: true });
  await replace(FONT, font);
  await replace(STAMP, madeOf);
}

/** Every character of the sources, of printable ASCII and of the seller's particulars, in order. */
async function listCharacters(): Promise<string> {
  const characters = new Set(Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)));
  const texts = await Promise.all((await listFiles()).map((file) => readFile(file, "utf8")));
  for (const [name, value] of Object.entries(process.env))
    if (name.startsWith("BUSINESS_")) texts.push(value ?? "");
  for (const text of texts)
    for (const character of text.normalize("NFC")) if (character > " ") characters.add(character);
  return [...characters].sort((one, other) => (one < other ? -1 : 1)).join("");
}

async function listFiles(): Promise<readonly string[]> {
  const folders = await Promise.all(
    SOURCES.map(async (folder) => {
      const files = await readdir(join(ROOT, folder), { recursive: true });
      return files
        .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
        .map((file) => join(ROOT, folder, file));
    }),
  );
  return [...folders.flat(), join(ROOT, ".env.example")];
}

function readPackage(name: string): { readonly version: string; readonly folder: string } {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { version } = createRequire(import.meta.url)(file);
  return { version, folder: join(file, "..") };
}

function readText(path: string): Promise<string> | undefined {
  return existsSync(path) ? readFile(path, "utf8") : undefined;
}

/** In one step, since a build reads its configuration in several processes. */
async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, content);
  await rename(own, path);
}
