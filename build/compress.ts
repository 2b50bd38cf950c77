import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

const compress = promisify(brotliCompress);

/**
 * Writes a brotli file beside every script and style that browsers load; `next.config.ts` sends it in its place.
 * `distDir` is the folder Next builds into.
 */
export async function compressChunks(distDir: string): Promise<void> {
  const folder = join(distDir, "static", "chunks");
  const files = await readdir(folder, { recursive: true });
  await Promise.all(
    files
      .filter((file) => /\.(?:js|css)$/.test(file))
      .map(async (file) => {
        const path = join(folder, file);
        await writeFile(`${path}.br`, await compress(await readFile(path)));
      }),
  );
}
