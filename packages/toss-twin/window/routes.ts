import { z } from "zod";
import { virtualAccountBanks } from "@/packages/toss-twin/api/banks";
import { errorBody, errorStatus, TossError } from "@/packages/toss-twin/api/errors";
import { parseJson } from "@/packages/toss-twin/api/fields";
import { readBrowserFile } from "@/packages/toss-twin/browser-files";
import { scenarioKeys } from "@/packages/toss-twin/faults/scenarios";
import {
  type HttpReply,
  type HttpRequest,
  htmlReply,
  jsonReply,
  jsonType,
} from "@/packages/toss-twin/http/messages";
import type { WindowRecord } from "@/packages/toss-twin/store/records";
import type { World } from "@/packages/toss-twin/world";
import {
  abandonWindow,
  failCodes,
  failWindow,
  finishWindow,
  isWindowOpen,
  paymentOf,
  type WindowEnd,
} from "./ends";
import { endedWindowPage, windowPage } from "./page";
import { openWindow, WindowRequest } from "./windows";

const Finish = z.object({
  scenario: z.enum(scenarioKeys).default("normal"),
  method: z.enum(["card", "transfer", "virtual-account"]).optional(),
  bank: z.enum(virtualAccountBanks).optional(),
});
const Fail = z.object({ code: z.enum(failCodes) });

const javascript = "text/javascript;charset=UTF-8";
const css = "text/css;charset=UTF-8";

const sdkVersion1 = sdk("sdk-core.js", "sdk-v1-requests.js", "sdk-v1.js");

const files: Readonly<Record<string, HttpReply>> = {
  "/v1": sdkVersion1,
  "/v1/payment": sdkVersion1,
  "/v1/payment-widget": sdk(
    "sdk-core.js",
    "sdk-v1-requests.js",
    "sdk-widgets.js",
    "sdk-v1-widget.js",
  ),
  "/v2/standard": sdk(
    "sdk-core.js",
    "sdk-v2-requests.js",
    "sdk-widgets.js",
    "sdk-v2-widgets.js",
    "sdk-v2.js",
  ),
  "/assets/window.js": asset(readBrowserFile("window.js"), javascript),
  "/assets/window.css": asset(readBrowserFile("window.css"), css),
  "/assets/control.js": asset(readBrowserFile("control.js"), javascript),
  "/assets/control.css": asset(readBrowserFile("control.css"), css),
};

/** What a buyer's browser asks for: the SDK script, its call that opens a window, and the window. */
export function answerBrowser(world: World, request: HttpRequest): HttpReply | null {
  if (request.method === "GET" && Object.hasOwn(files, request.path)) {
    return files[request.path] ?? null;
  }
  if (request.path === "/sdk/windows") return answerSdk(world, request);
  const [, id, verb] =
    /^\/window\/([\w]{1,60})(?:\/(finish|fail|close))?$/.exec(request.path) ?? [];
  if (id === undefined) return null;
  if (request.method === "GET" && verb === undefined) return showWindow(world, id);
  if (request.method !== "POST" || verb === undefined) return null;
  return guarded(world, () => {
    const window = openWindowOf(world, id);
    return jsonReply(endWindow(world, window, { verb, request }));
  });
}

function answerSdk(world: World, request: HttpRequest): HttpReply {
  const origin = request.headers.origin ?? null;
  const cors = {
    "access-control-allow-origin": origin ?? "*",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
    vary: "origin",
  };
  if (request.method === "OPTIONS") return { status: 204, headers: cors, body: "" };
  if (world.faults.isOutage) return { status: 503, headers: cors, body: "" };
  const reply = guarded(world, () => {
    if (request.method !== "POST") throw new TossError("NOT_FOUND_HTTP_METHOD");
    const window = openWindow(world, parseWith(WindowRequest, request), origin);
    return jsonReply({ id: window.id, url: `${world.publicUrl}/window/${window.id}` });
  });
  return { ...reply, headers: { ...reply.headers, ...cors } };
}

function showWindow(world: World, id: string): HttpReply {
  const window = world.store.windows.get(id);
  if (!window || !isWindowOpen(world, window)) return htmlReply(endedWindowPage(), 404, true);
  const payment = window.asks.kind === "payment" ? paymentOf(world, window) : null;
  return htmlReply(windowPage(window, payment), 200, true);
}

function endWindow(
  world: World,
  window: WindowRecord,
  { verb, request }: { readonly verb: string; readonly request: HttpRequest },
): WindowEnd {
  switch (verb) {
    case "finish":
      return finishWindow(world, window, parseWith(Finish, request));
    case "fail":
      return failWindow(world, window, parseWith(Fail, request).code);
    default:
      return abandonWindow(world, window);
  }
}

function openWindowOf(world: World, id: string): WindowRecord {
  const window = world.store.windows.get(id);
  if (!window || !isWindowOpen(world, window)) throw new TossError("NOT_FOUND_PAYMENT_SESSION");
  return window;
}

function guarded(world: World, run: () => HttpReply): HttpReply {
  try {
    const reply = run();
    world.store.commit();
    return reply;
  } catch (error) {
    if (!(error instanceof TossError)) throw error;
    return { status: errorStatus(error.code), headers: jsonType, body: errorBody(error, "ko") };
  }
}

function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  request: HttpRequest,
): z.output<Schema> {
  const value = parseJson(request.body ?? "");
  if (value === undefined) throw new TossError("INVALID_REQUEST", "JSON");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
  throw new TossError("INVALID_REQUEST", fields);
}

/** One classic script, as merchants' pages load it, made of modules named in the order of their imports. */
function sdk(...names: readonly string[]): HttpReply {
  const parts = names.map((name) =>
    readBrowserFile(name)
      .replace(/^import [^;]*;\n/gm, "")
      .replace(/^export /gm, ""),
  );
  return asset(`(() => {\n"use strict";\n${parts.join("\n")}})();\n`, javascript);
}

function asset(body: string, type: string): HttpReply {
  return {
    status: 200,
    headers: {
      "content-type": type,
      "cache-control": "no-cache",
      "cross-origin-resource-policy": "cross-origin",
    },
    body,
  };
}
