import { existsSync } from "node:fs";

const BUILT = new URL("../.next/maedal/main.mjs", import.meta.url);
const TSX = new URL("../node_modules/tsx/package.json", import.meta.url);

// On a developer's machine the sources run as they are; a server has only what the build made of them.
if (process.env.NODE_ENV !== "production" && existsSync(TSX)) {
  process.argv.splice(2, 0, "commands/main.ts");
  await import("../sandbox/run.mjs");
} else if (existsSync(BUILT)) {
  await import(BUILT.href);
} else {
  process.stderr.write(
    "아직 빌드하지 않았어요. 먼저 npm ci와 npm run build를 실행하세요.\nNothing is built here yet; run npm ci and npm run build first.\n",
  );
  process.exitCode = 1;
}
