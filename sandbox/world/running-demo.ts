import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf } from "./processes";

/** Where a demo leaves its process id while it runs. */
export function lockFileOf(root: string): string {
  return join(root, ".sandbox", "demo.pid");
}

/** The process id of the demo that runs from this clone; a file left by one that was killed does not count. */
export function findRunningDemo(root: string): number | undefined {
  const file = lockFileOf(root);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8"));
  return commandLineOf(pid)?.includes("sandbox/world/demo.ts") ? pid : undefined;
}
