import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createApi } from "@/packages/toss-twin/api/core-api";
import { errorBody, TossError } from "@/packages/toss-twin/api/errors";
import { answerControl } from "@/packages/toss-twin/control/api";
import { createTossControl, type TossControl } from "@/packages/toss-twin/control/client";
import { controlPage } from "@/packages/toss-twin/control/page";
import { FaultRules } from "@/packages/toss-twin/faults/rules";
import { CallLog } from "@/packages/toss-twin/http/call-log";
import {
  type HttpReply,
  type HttpRequest,
  htmlReply,
  jsonReply,
  jsonType,
  readRequest,
  sendReply,
} from "@/packages/toss-twin/http/messages";
import { webhookEvents } from "@/packages/toss-twin/store/records";
import { resume } from "@/packages/toss-twin/store/resume";
import { Store } from "@/packages/toss-twin/store/store";
import { Agenda } from "@/packages/toss-twin/time/agenda";
import { Webhooks } from "@/packages/toss-twin/webhook/webhooks";
import { cashReceiptPage, receiptPage } from "@/packages/toss-twin/window/receipt-page";
import { answerBrowser } from "@/packages/toss-twin/window/routes";
import { defaultSettings, type Merchant, type Settings, versionOf, type World } from "./world";

export type TossEmulatorOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string | undefined;
  /** Without one nothing survives a restart. */
  readonly stateFile?: string | undefined;
  /** Without one the emulator keeps a clock of its own, moved by its control API. */
  readonly clock?: (() => Date) | undefined;
  /** Moves that clock forward to an instant in epoch milliseconds; without it the clock is only read. */
  readonly moveClock?: ((to: number) => void) | undefined;
  /** Where somebody who shares the clock moves it with all that they have booked. */
  readonly timePage?: string | undefined;
  /** The first one is what the control API means when it names none. */
  readonly merchants?: readonly Merchant[] | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** Addresses that are told of every event of a merchant. */
  readonly webhooks?: readonly { readonly mId: string; readonly url: string }[] | undefined;
};

export type TossEmulator = {
  readonly url: string;
  readonly control: TossControl;
  readonly close: () => Promise<void>;
};

export const defaultMerchant: Merchant = {
  mId: "tvsandbox",
  clientKey: "test_ck_SandboxMaedal0000000000001",
  secretKey: "test_sk_SandboxMaedal0000000000001",
  apiVersion: "2022-11-16",
};

/** Starts the emulator; rejects when the port is taken or the state file is not its own. */
export async function startTossEmulator(options: TossEmulatorOptions): Promise<TossEmulator> {
  const host = options.host ?? "127.0.0.1";
  const server = createServer();
  // Longer than the pools of common clients keep idle connections, so that none is cut while it is being reused.
  server.keepAliveTimeout = 65_000;
  // The port comes before the state file: a second start must not rewrite the journal of a running emulator.
  const { port } = await listen(server, options.port, host);
  const url = `http://${nameOf(host)}:${port}`;
  const timers = new Set<NodeJS.Timeout>();
  try {
    const refuse = refuserOf(server, { port, host, timers });
    const world = createWorld(options, { url, timers, refuse });
    server.on("request", createListener(world, host));
    return {
      url,
      control: createTossControl(url),
      async close() {
        for (const timer of timers) clearTimeout(timer);
        world.agenda.close();
        world.webhooks.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        world.store.close();
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

type Machine = {
  readonly url: string;
  readonly timers: Set<NodeJS.Timeout>;
  readonly refuse: (forMs: number) => void;
};

function createWorld(options: TossEmulatorOptions, { url, timers, refuse }: Machine): World {
  const store = new Store(options.stateFile);
  const { clock } = options;
  const now = clock ? () => clock().getTime() : () => Date.now() + store.clockOffsetMs;
  const merchants = options.merchants ?? [defaultMerchant];
  const settings = { ...defaultSettings, ...options.settings };
  const faults = new FaultRules();
  const agenda = new Agenda(now);
  const webhooks = new Webhooks({
    ...{ store, agenda, faults, settings, now },
    viewOf: ({ mId, keySet }, at) => ({
      language: "ko",
      version: versionOf(
        merchants.find((merchant) => merchant.mId === mId),
        keySet,
      ),
      publicUrl: url,
      now: at,
    }),
  });
  const world: World = {
    ...{ store, agenda, webhooks, merchants, settings, faults, now },
    calls: new CallLog(),
    ownsClock: clock === undefined,
    moveClock: clock ? (options.moveClock ?? null) : (to) => moveOwnClock(store, to),
    timePage: options.timePage ?? null,
    publicUrl: url,
    wait: (ms) => waitFor(ms, timers),
    refuseConnections: refuse,
  };
  for (const { mId, url: address } of options.webhooks ?? []) {
    webhooks.register(mId, address, webhookEvents);
  }
  store.commit();
  resume(world);
  return world;
}

function moveOwnClock(store: Store, to: number): void {
  store.clockOffsetMs = to - Date.now();
  store.saveClockOffset(store.clockOffsetMs);
}

function createListener(
  world: World,
  host: string,
): (message: IncomingMessage, response: ServerResponse) => void {
  const answerApi = createApi(world);

  async function answer(request: HttpRequest): Promise<HttpReply> {
    if (!request.path.startsWith("/v1/") && isFromElsewhere(request, host)) return elsewhereReply;
    const browser = answerBrowser(world, request);
    if (browser) return browser;
    const receipt = /^\/(?:receipt\/([^/]+)|v1\/payments\/(?!orders\/)([^/]+)\/checkout)$/.exec(
      request.path,
    );
    if (request.method === "GET" && receipt) {
      return receiptPage(world, receipt[1] ?? receipt[2] ?? "");
    }
    const cashReceipt = /^\/cash-receipt\/(\w{1,60})$/.exec(request.path)?.[1];
    if (request.method === "GET" && cashReceipt) return cashReceiptPage(world, cashReceipt);
    if (request.path.startsWith("/control/")) return answerControl(world, request);
    if (request.method === "GET" && request.path === "/") {
      return htmlReply(controlPage(world, request.query));
    }
    return answerApi(request);
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message);
      sendReply(response, await answer(request));
    } catch (error) {
      // Whoever hung up before the call had come in wholly gets no answer.
      if (response.destroyed || !message.complete) return;
      console.error("The Toss emulator failed to answer:", error);
      const body = errorBody(new TossError("FAILED_INTERNAL_SYSTEM_PROCESSING"), "ko");
      sendReply(response, { status: 500, headers: jsonType, body });
    }
  }

  return (message, response) => {
    void serve(message, response);
  };
}

/** How an address stands in a URL. */
function nameOf(host: string): string {
  if (host === "127.0.0.1") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

const loopback = new Set(["localhost", "127.0.0.1", "::1"]);
const elsewhereReply = jsonReply(
  { code: "FORBIDDEN_REQUEST", message: "Only this machine's own pages may use the emulator." },
  403,
);

/**
 * Whether a page of another site steers the browser: by a name of its own that leads here, or across origins. An
 * emulator that is open to others on purpose is asked under any name.
 */
function isFromElsewhere({ method, path, headers }: HttpRequest, host: string): boolean {
  const name = (header: unknown, scheme = "") =>
    typeof header === "string" && URL.canParse(scheme + header)
      ? new URL(scheme + header).hostname.replace(/^\[|\]$/g, "")
      : null;
  if (!loopback.has(host)) return false;
  if (!loopback.has(name(headers.host, "http://") ?? "")) return true;
  const isSteering = method !== "GET" && path.startsWith("/control/");
  return isSteering && headers.origin !== undefined && !loopback.has(name(headers.origin) ?? "");
}

/** Never resolves once its timer was cleared: a call that waits when the emulator is closed ends nowhere. */
function waitFor(ms: number, timers: Set<NodeJS.Timeout>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, ms);
    timers.add(timer);
  });
}

/** Closes the port and opens it again; what is connected then is cut off. Asked again meanwhile, the later end counts. */
function refuserOf(
  server: Server,
  { port, host, timers }: { port: number; host: string; timers: Set<NodeJS.Timeout> },
): (forMs: number) => void {
  let endsAt: number | null = null;

  async function refuse(): Promise<void> {
    // The call that asked for this is answered first.
    await waitFor(answerMs, timers);
    server.close();
    server.closeAllConnections();
    while (endsAt !== null && endsAt > performance.now()) {
      await waitFor(endsAt - performance.now(), timers);
    }
    endsAt = null;
    await listen(server, port, host);
  }

  return (forMs) => {
    const isRefusing = endsAt !== null;
    endsAt = Math.max(endsAt ?? 0, performance.now() + answerMs + forMs);
    if (isRefusing) return;
    refuse().catch((error: unknown) => {
      console.error("The Toss emulator could not take its port back:", error);
    });
  };
}

const answerMs = 20;

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("No TCP address."));
      else resolve(address);
    });
  });
}
