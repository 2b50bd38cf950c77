import { readFileSync } from "node:fs";

/** Reads a file of `browser/`, a folder that stands beside this file here and beside the bundle in `dist/`. */
export function readBrowserFile(name: string): string {
  return readFileSync(new URL(`./browser/${name}`, import.meta.url), "utf8");
}
