// The last resort against orphans: outlives its parent by a moment and ends the processes the parent
// still had when its pipe closed, however the parent died.
import { createInterface } from "node:readline";

const GRACE_MS = 8_000;
const STEP_MS = 100;

/** @type {Map<number, NodeJS.Signals>} process id → the signal that asks it to end */
const charges = new Map();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [verb, pid, signal] = line.split(" ");
  if (verb === "watch") charges.set(Number(pid), signal);
  else charges.delete(Number(pid));
});
lines.on("close", async () => {
  for (const [pid, signal] of [...charges].reverse()) send(pid, signal);
  for (let waited = 0; waited < GRACE_MS && [...charges.keys()].some(isAlive); waited += STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  for (const pid of charges.keys()) send(pid, "SIGKILL");
});

function send(pid, signal) {
  // PostgreSQL ends its own workers, and a signal to its whole group would look like a crash to it.
  const target = signal === "SIGINT" ? pid : -pid;
  try {
    process.kill(target, signal);
  } catch {
    charges.delete(pid);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
