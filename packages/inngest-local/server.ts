import { createServer, type Server } from "node:http";

import { type CronCatchUp, Engine, type Quiescence } from "@/packages/inngest-local/engine/engine";
import { type Faults, isFunction } from "@/packages/inngest-local/engine/faults";
import { type RunView, viewRun } from "@/packages/inngest-local/engine/run";
import { respond } from "@/packages/inngest-local/web/routes";
import { parseRegistration } from "@/packages/inngest-local/wire/job-function";

const TICK_MS = 50;
const REGISTER_AGAIN_MS = 5_000;
const REGISTER_RETRY_MS = 300;
const REGISTER_TIMEOUT_MS = 60_000;
const SETTLE_TIMEOUT_MS = 30_000;

export type ExecutorOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Where the app serves its functions, such as http://localhost:3000/api/inngest. */
  appUrl: string;
  /** May leap forward at any time; must not be behind the clock the app stamps its events with. */
  clock: () => Date;
  seed?: number;
  cronCatchUp?: CronCatchUp;
  log?: (line: string) => void;
};

/** A function as the control API shows it. Times are ISO, by the clock of the runner. */
export type FunctionView = {
  id: string;
  name: string;
  triggers: string[];
  nextFires: string[];
  settings: string[];
  maxAttempts: number;
};

/** Whether the app's functions are known, and if not, why. */
export type RegistrationState = { registeredAt: string | null; error: string | null };

/** A function id with or without the app's prefix, a status, and how many runs at most. */
export type RunFilter = { function?: string; status?: string; limit?: number };

/** Starts the local job executor on 127.0.0.1 and keeps the app registered while it runs. */
export async function startExecutor(options: ExecutorOptions): Promise<Executor> {
  const executor = new Executor(options);
  await executor.listen();
  return executor;
}

/** The local job executor, held in the same process; `control.ts` offers the same over HTTP. */
export class Executor {
  url = "";
  registration: RegistrationState = { registeredAt: null, error: null };
  readonly engine: Engine;
  private readonly options: ExecutorOptions;
  private readonly log: (line: string) => void;
  private readonly server: Server;
  private lastBody = "";
  private ticker: NodeJS.Timeout | undefined;
  private nextRegistration: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();

  constructor(options: ExecutorOptions) {
    this.options = options;
    this.log = options.log ?? (() => undefined);
    this.engine = new Engine({
      appUrl: options.appUrl,
      clock: options.clock,
      seed: options.seed ?? 1,
      cronCatchUp: options.cronCatchUp ?? "once",
      onUnknownFunction: () => this.planRegistration(0),
    });
    this.server = createServer((request, response) => {
      void respond(this, request, response);
    });
  }

  /** The clock may leap between any two looks, so due work is looked for on a short beat. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.options.port, "127.0.0.1", resolve);
    });
    const address = this.server.address();
    const port = typeof address === "object" && address ? address.port : this.options.port;
    this.url = `http://localhost:${port}`;
    this.ticker = setInterval(() => this.engine.pump(), TICK_MS);
    this.planRegistration(0);
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.ticker);
    clearTimeout(this.nextRegistration);
    this.engine.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Asks the app to register its functions now; throws with the reason when that fails. */
  async register(): Promise<void> {
    const response = await fetch(this.options.appUrl, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-inngest-server-kind": "dev" },
      body: JSON.stringify({ url: this.options.appUrl }),
      signal: AbortSignal.timeout(REGISTER_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return;
    const error = `The app did not register (${response.status}): ${text}`;
    this.registration.error ??= error;
    throw new Error(error);
  }

  /** What the SDK posts after that; returns whether anything changed, throws what `parseRegistration` throws. */
  acceptRegistration(text: string): boolean {
    const registeredAt = new Date(this.engine.now()).toISOString();
    const isModified = text !== this.lastBody;
    try {
      if (isModified) {
        const { appName, functions } = parseRegistration(JSON.parse(text));
        this.engine.setFunctions(functions);
        this.log(`${functions.length} functions of ${appName} registered`);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.registration.error) this.log(`registration refused: ${message}`);
      this.registration = { registeredAt: null, error: message };
      throw error;
    }
    this.lastBody = text;
    this.registration = { registeredAt, error: null };
    return isModified;
  }

  /**
   * Waits until the app is registered and nothing is queued, running or due at the present clock,
   * at most `timeoutMs` of real time.
   */
  async settle(timeoutMs = SETTLE_TIMEOUT_MS): Promise<Quiescence> {
    const until = Date.now() + timeoutMs;
    while (this.registration.registeredAt === null && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    const quiescence = await this.engine.settle(Math.max(until - Date.now(), 1));
    const isRegistered = this.registration.registeredAt !== null;
    return { ...quiescence, settled: quiescence.settled && isRegistered };
  }

  /** Newest first. */
  runs(filter: RunFilter = {}): RunView[] {
    return this.engine.book
      .list()
      .filter((run) => !filter.function || isFunction(run.fn.id, filter.function))
      .filter((run) => !filter.status || run.status === filter.status)
      .slice(0, filter.limit)
      .map(viewRun);
  }

  functions(): FunctionView[] {
    return this.engine.functions.map((fn) => ({
      id: fn.id,
      name: fn.name,
      triggers: [...fn.events, ...fn.crons.map((cron) => cron.text)],
      nextFires: this.engine.nextFires(fn),
      settings: fn.summary,
      maxAttempts: fn.maxAttempts,
    }));
  }

  get faults(): Faults {
    return this.engine.faults;
  }

  setCronCatchUp(mode: CronCatchUp): void {
    this.engine.cronCatchUp = mode;
  }

  holdFrequentCrons(forMs: number): void {
    this.engine.holdFrequentCrons(forMs);
  }

  /** Starts a cron function now, as if its tick had come; the run's id, or null when there is none such. */
  fireCron(functionId: string): string | null {
    return this.engine.fireCron(functionId)?.id ?? null;
  }

  /** The app may come up late or be replaced by a new version at any time, so it is asked for ever. */
  private planRegistration(delayMs: number): void {
    if (this.closing.signal.aborted) return;
    clearTimeout(this.nextRegistration);
    this.nextRegistration = setTimeout(() => {
      this.register().then(
        () => this.planRegistration(REGISTER_AGAIN_MS),
        () =>
          this.planRegistration(this.registration.error ? REGISTER_AGAIN_MS : REGISTER_RETRY_MS),
      );
    }, delayMs);
  }
}
