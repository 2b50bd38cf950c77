#!/usr/bin/env node
import { parseArgs } from "node:util";

import { readClockFile } from "@/packages/local-kit/clock-file";
import { startExecutor } from "./server";

const USAGE =
  "usage: inngest-local --port 8288 --app http://localhost:3000/api/inngest [--clock-file FILE]";

await main();

async function main(): Promise<void> {
  refuseProduction();
  const { port, appUrl, clockFile } = readArguments();
  const executor = await startExecutor({
    port,
    appUrl,
    clock: () => (clockFile ? readClockFile(clockFile) : new Date()),
    log: (line) => console.log(`job runner: ${line}`),
  }).catch((error: Error) => fail(`inngest-local could not listen on ${port}: ${error.message}`));
  console.log(`job runner listening on ${executor.url}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void executor.close().then(() => process.exit(0));
    });
  }
}

/** It answers anyone, forgets everything at the end and loses events on request: never for real money. */
function refuseProduction(): void {
  if (process.env.NODE_ENV === "production") {
    fail("inngest-local does not start with NODE_ENV=production.");
  }
  if (process.env.INNGEST_SIGNING_KEY?.startsWith("signkey-")) {
    fail("inngest-local does not start with an Inngest Cloud INNGEST_SIGNING_KEY.");
  }
}

function readArguments(): { port: number; appUrl: string; clockFile: string | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8288" },
        app: { type: "string", default: "http://localhost:3000/api/inngest" },
        "clock-file": { type: "string" },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`bad --port ${values.port}`);
    return { port, appUrl: new URL(values.app).href, clockFile: values["clock-file"] };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
