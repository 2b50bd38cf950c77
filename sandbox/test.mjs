import { enter } from "./world/entry.mjs";

await enter("sandbox/world/check.ts", { args: process.argv.slice(2) });
