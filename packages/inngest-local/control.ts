import type { CronCatchUp, Quiescence } from "@/packages/inngest-local/engine/engine";
import type { Fault, FaultRequest } from "@/packages/inngest-local/engine/faults";
import type { RunView } from "@/packages/inngest-local/engine/run";
import type { FunctionView, RegistrationState, RunFilter } from "./server";

/** The control API of a running job executor, such as controlExecutor("http://localhost:8288"). */
export function controlExecutor(url: string) {
  return {
    isHealthy: () =>
      fetch(`${url}/health`).then(
        (response) => response.ok,
        () => false,
      ),
    runs: (filter: RunFilter = {}) => {
      const query = new URLSearchParams(
        Object.entries(filter).map(([name, value]) => [name, `${value}`]),
      );
      return ask<{ runs: RunView[] }>(`${url}/control/runs?${query}`).then((body) => body.runs);
    },
    functions: () =>
      ask<RegistrationState & { functions: FunctionView[] }>(`${url}/control/functions`),
    /** Waits until nothing is queued, running or due; look at `settled`, since the time may run out. */
    settle: (timeoutMs: number) => ask<Quiescence>(`${url}/control/settle`, { timeoutMs }),
    fault: (fault: FaultRequest) => ask<{ ok: true }>(`${url}/control/faults`, fault),
    faults: () =>
      ask<{ faults: { fault: Fault; hits: number }[] }>(`${url}/control/faults`).then(
        (body) => body.faults,
      ),
    clearFaults: () => ask<{ ok: true }>(`${url}/control/faults/clear`, {}),
    setCronCatchUp: (cronCatchUp: CronCatchUp) =>
      ask<{ ok: true }>(`${url}/control/settings`, { cronCatchUp }),
    fireCron: (functionId: string) =>
      ask<{ runId: string }>(`${url}/control/fire-cron`, { functionId }),
    register: () => ask<{ ok: true }>(`${url}/control/register`, {}),
  };
}

/** GETs, or POSTs a body; throws with the answer's text on any other status than 200. */
async function ask<T>(url: string, body?: object): Promise<T> {
  const response = await fetch(
    url,
    body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    },
  );
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
