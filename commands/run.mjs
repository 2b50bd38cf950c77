import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BUILT = new URL("../.next/maedal/main.mjs", import.meta.url);
const SOURCE = new URL("main.ts", import.meta.url);
const TSX = new URL("../node_modules/tsx/package.json", import.meta.url);
const RUNNING_DEMO = new URL("../.sandbox/world.json", import.meta.url);

// On a developer's machine the sources run as they are, and on the demo that is running. A server has what the build
// made of them. Nothing is installed here: a server may be running on these very packages.
if (process.env.NODE_ENV !== "production" && existsSync(TSX)) {
  const demo = existsSync(RUNNING_DEMO) ? JSON.parse(readFileSync(RUNNING_DEMO, "utf8")) : {};
  const { status } = spawnSync(
    process.execPath,
    ["--import", "tsx", fileURLToPath(SOURCE), ...process.argv.slice(2)],
    { stdio: "inherit", env: { ...demo.environment, ...process.env } },
  );
  process.exitCode = status ?? 1;
} else if (existsSync(BUILT)) {
  await import(BUILT.href);
} else {
  process.stderr.write(
    "아직 빌드하지 않았어요. 먼저 npm ci와 npm run build를 실행하세요.\nNothing is built here yet; run npm ci and npm run build first.\n",
  );
  process.exitCode = 1;
}
