import { inngest } from "@/inngest/client";
import { JOBS } from "@/inngest/jobs";
import { env } from "@/lib/runtime/env";
import { createJobs, type Jobs } from "@/sandbox/time/jobs";

let jobs: Jobs | undefined;

/** The jobs of this app on the sandbox's job engine. */
export function sandboxJobs(): Jobs {
  jobs ??= createJobs(env().INNGEST_DEV ?? "", inngest.id, JOBS);
  return jobs;
}
