import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { enter } from "./world/entry.mjs";

// A tool of the sandbox works on the demo that is running: it gets the same addresses and secrets.
const world = fileURLToPath(new URL("../.sandbox/world.json", import.meta.url));
const environment = existsSync(world) ? JSON.parse(readFileSync(world, "utf8")).environment : {};
const [script = "", ...args] = process.argv.slice(2);
await enter(script, { args, isInteractive: true, environment });
