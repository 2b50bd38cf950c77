import { enter } from "./world/entry.mjs";

await enter("sandbox/world/demo.ts", { args: process.argv.slice(2) });
