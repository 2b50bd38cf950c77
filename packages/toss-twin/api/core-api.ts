import type { Effect } from "@/packages/toss-twin/faults/scenarios";
import { type HttpReply, type HttpRequest, jsonType } from "@/packages/toss-twin/http/messages";
import { newHexId } from "@/packages/toss-twin/ids";
import {
  type AnswerBody,
  bodyText,
  type IdempotentAnswer,
} from "@/packages/toss-twin/store/answers";
import { versionOf, type World } from "@/packages/toss-twin/world";
import { isRefusalOfCard } from "./approval";
import { authenticate } from "./authentication";
import type { ApiCall } from "./call";
import { errorBody, errorStatus, isErrorCode, type Language, TossError } from "./errors";
import { RateLimit } from "./rate-limit";
import { headerOf, languageOf, peekFields, readFields } from "./request";
import { findRoute, type Route } from "./routes";

type Answer = { readonly status: number; readonly body: AnswerBody };

type Caller = ReturnType<typeof authenticate>;

type Door = {
  /** The idempotency keys whose first call has not ended yet. */
  readonly running: Set<string>;
  readonly limit: RateLimit;
};

/** One call on its way: what is known of it, and what the call log will say of it. */
type Passage = {
  readonly request: HttpRequest;
  readonly language: Language;
  readonly idempotencyKey: string | null;
  traceId: string;
  mId: string | null;
  note: string | null;
};

/**
 * Answers the Core API. The order of checks is that of fact sheet 14.1: route, Basic header, test code,
 * idempotency store, body, business rules. Faults are drawn after the Basic header, so that they also hit replays.
 */
export function createApi(world: World): (request: HttpRequest) => Promise<HttpReply> {
  const door: Door = { running: new Set(), limit: new RateLimit() };

  return async (request) => {
    const startedAt = performance.now();
    world.agenda.catchUp();
    const at = world.now();
    const passage: Passage = {
      request,
      language: languageOf(request),
      idempotencyKey: (request.method === "POST" && headerOf(request, "idempotency-key")) || null,
      traceId: newHexId(),
      mId: null,
      note: null,
    };
    let reply: HttpReply;
    try {
      reply = await pass(world, door, passage);
    } catch (error) {
      reply = replyOf(errorAnswer(error, passage));
    }
    await world.store.committed();
    world.calls.add({
      at,
      mId: passage.mId,
      method: request.method,
      path: request.path,
      idempotencyKey: passage.idempotencyKey,
      requestBody: request.body ?? "",
      status: reply.hangUp ? null : reply.status,
      responseBody: reply.hangUp ? "" : reply.body,
      traceId: passage.traceId,
      durationMs: performance.now() - startedAt,
      note: passage.note,
    });
    return { ...reply, headers: { ...reply.headers, ...answerHeaders(passage) } };
  };
}

async function pass(world: World, { running, limit }: Door, passage: Passage): Promise<HttpReply> {
  const { request, idempotencyKey } = passage;
  const route = findRoute(request.method, request.path);
  if (!route) throw new TossError("NOT_FOUND_HTTP_METHOD");
  const caller = authenticate(world.merchants, headerOf(request, "authorization"));
  const { merchant } = caller;
  passage.mId = merchant.mId;
  const limited = `${merchant.mId} ${route.operation}`;
  if (limit.isExceeded(limited, world.settings.callsPerMinute)) {
    throw new TossError("TOO_MANY_REQUESTS");
  }
  const id = idempotencyKey === null ? null : idempotencyId(caller, request, idempotencyKey);
  const isReplay = id !== null && world.store.findAnswer(id, world.now()) !== undefined;
  const fault = drawFault(world, { request, route, mId: merchant.mId, isReplay });
  if (fault) passage.note = `fault: ${fault.kind}`;
  const refusal = refuseAtDoor(fault, passage);
  if (refusal) return refusal;

  const testCode = headerOf(request, "tosspayments-test-code");
  if (testCode !== null) {
    const answer = answerTestCode(testCode, passage);
    if (id !== null && isKept(world, answer, null)) {
      keep(world, { ...answer, id, traceId: passage.traceId });
    }
    return replyOf(answer);
  }
  if (idempotencyKey !== null && idempotencyKey.length > 300) {
    throw new TossError("INVALID_IDEMPOTENCY_KEY");
  }
  const run = () => execute(world, passage, { route, caller, fault });
  return id === null
    ? spoil(await run(), passage)
    : once(world, passage, { id, running, fault, run });
}

type KeyedCall = {
  /** What its idempotency key is stored under. */
  readonly id: string;
  readonly running: Set<string>;
  readonly fault: Effect | null;
  readonly run: () => Promise<Executed>;
};

/** Executes only the first call of an idempotency key; later ones get the stored bytes, 4xx included. */
async function once(
  world: World,
  passage: Passage,
  { id, running, fault, run }: KeyedCall,
): Promise<HttpReply> {
  if (running.has(id)) throw new TossError("IDEMPOTENT_REQUEST_PROCESSING");
  const stored = world.store.findAnswer(id, world.now());
  if (stored) {
    passage.note = passage.note ? `${passage.note}, replay` : "replay";
    passage.traceId = `${passage.traceId},${stored.traceId}`;
    return spoil({ answer: { status: stored.status, body: stored.body }, effect: fault }, passage);
  }
  running.add(id);
  try {
    const executed = await run();
    const reply = spoil(executed, passage);
    const isSpoilt = executed.effect?.kind === "500-executed" && executed.answer.status === 200;
    const answer = isSpoilt ? errorAnswer(null, passage) : executed.answer;
    if (isKept(world, answer, fault)) keep(world, { ...answer, id, traceId: passage.traceId });
    return reply;
  } finally {
    running.delete(id);
  }
}

/** A call that is let in: what it asks for, who asks, and what goes wrong with it. */
type AdmittedCall = {
  readonly route: Route;
  readonly caller: Caller;
  readonly fault: Effect | null;
};

type Executed = { readonly answer: Answer; readonly effect: Effect | null };

async function execute(
  world: World,
  passage: Passage,
  { route, caller, fault }: AdmittedCall,
): Promise<Executed> {
  const { merchant, keySet } = caller;
  if (world.settings.latencyMs > 0) await world.wait(world.settings.latencyMs);
  if (fault?.kind === "delay") await world.wait(fault.delayMs);
  const call: ApiCall = {
    world,
    merchant,
    keySet,
    view: {
      language: passage.language,
      version: versionOf(merchant, keySet),
      publicUrl: world.publicUrl,
      now: world.now(),
    },
    subject: route.subject,
    query: passage.request.query,
    fields: (whenEmpty) => readFields(passage.request, whenEmpty),
    fault,
  };
  try {
    if (fault?.kind === "decline" && !(asksCard(route) && isRefusalOfCard(fault.code))) {
      throw new TossError(fault.code);
    }
    if (fault?.kind === "500-not-executed") {
      throw new TossError("FAILED_INTERNAL_SYSTEM_PROCESSING");
    }
    const outcome = await route.handler(call);
    const { effect } = outcome;
    if (effect) passage.note ??= `card: ${effect.kind}`;
    const body: AnswerBody =
      "payment" in outcome
        ? { payment: outcome.payment, view: { ...call.view, now: world.now() } }
        : { text: outcome.body === null ? "" : JSON.stringify(outcome.body) };
    return { answer: { status: 200, body }, effect: fault ?? effect ?? null };
  } catch (error) {
    return { answer: errorAnswer(error, passage), effect: fault };
  }
}

/** Whether a card, or an account, is asked on the way, and may itself refuse. */
function asksCard({ operation }: Route): boolean {
  return operation === "charge" || operation === "confirm";
}

/** What reaches the caller of an answer that stands. Only successes are spoilt, hang-ups apart. */
function spoil({ answer, effect }: Executed, passage: Passage): HttpReply {
  const reply = replyOf(answer);
  if (effect?.kind === "hang-up-after-execute") return { ...reply, hangUp: true };
  if (answer.status !== 200) return reply;
  switch (effect?.kind) {
    case "500-executed":
      return replyOf(errorAnswer(null, passage));
    case "truncated-json":
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case "wrong-order-id":
      return {
        ...reply,
        body: reply.body.replace(/"orderId":"([^"]*)"/g, '"orderId":"wrong-$1"'),
      };
    default:
      return reply;
  }
}

type DrawnCall = {
  readonly request: HttpRequest;
  readonly route: Route;
  readonly mId: string;
  readonly isReplay: boolean;
};

function drawFault(world: World, { request, route, mId, isReplay }: DrawnCall): Effect | null {
  if (world.faults.isEmpty) return null;
  const { operation, subject } = route;
  const fields = peekFields(request);
  const textOf = (name: string) => {
    const value = fields[name];
    return typeof value === "string" ? value : null;
  };
  // A call that names a payment is about its order and its customer, too.
  const payment =
    world.store.findPayment(mId, subject || (textOf("paymentKey") ?? "")) ??
    world.store.findPaymentByOrder(mId, subject);
  const isOrder = request.path.startsWith("/v1/payments/orders/");
  const holdsBillingKey = operation === "charge" || operation === "delete-key";
  return world.faults.take({
    ...{ operation, method: request.method, path: request.path, isReplay },
    orderId: textOf("orderId") ?? payment?.orderId ?? (isOrder ? subject : null),
    customerKey: textOf("customerKey") ?? payment?.customerKey ?? null,
    billingKey: holdsBillingKey ? subject : (payment?.billingKey ?? null),
  });
}

/** Faults that keep the call from being executed at all, and leave nothing under its idempotency key. */
function refuseAtDoor(fault: Effect | null, passage: Passage): HttpReply | null {
  const html = { "content-type": "text/html;charset=UTF-8" };
  switch (fault?.kind) {
    case "hang-up-before":
      return { status: 0, body: "", hangUp: true };
    case "outage":
      return { status: 503, headers: html, body: errorPage("503 Service Temporarily Unavailable") };
    case "html-page":
      return { status: 502, headers: html, body: errorPage("502 Bad Gateway") };
    case "429":
      return {
        ...replyOf(errorAnswer(new TossError("TOO_MANY_REQUESTS"), passage)),
        headers: { ...jsonType, "retry-after": "1" },
      };
    default:
      return null;
  }
}

function answerTestCode(testCode: string, passage: Passage): Answer {
  passage.note = "test code";
  const code = isErrorCode(testCode) ? testCode : "INVALID_TEST_CODE";
  return errorAnswer(new TossError(code), passage);
}

/** A 409 is never kept, so that the emulated one comes anew each time. */
function isKept(world: World, answer: Answer, fault: Effect | null): boolean {
  if (answer.status === 409) return false;
  if (answer.status < 500) return true;
  const isOf500 = fault?.kind === "500-not-executed" || fault?.kind === "500-executed";
  return (isOf500 ? fault.store : undefined) ?? world.settings.store5xx;
}

function keep(world: World, answer: Omit<IdempotentAnswer, "firstUsedAt">): void {
  const now = world.now();
  if (world.store.findAnswer(answer.id, now)) return;
  world.store.saveAnswer({ ...answer, firstUsedAt: now });
}

/** The body is no part of it: another body under the same key gets the first answer. */
function idempotencyId(
  { merchant, keySet }: Caller,
  request: HttpRequest,
  key: string,
): string | null {
  if (key.length > 300) return null;
  const url = `${request.path.split("/").map(decodeOrKeep).join("/")}?${request.query}`;
  const secretKey = keySet === "widget" ? `${merchant.mId}+widget` : merchant.mId;
  return JSON.stringify([secretKey, request.method, url, key]);
}

function decodeOrKeep(segment: string): string {
  return segment.includes("%") ? decodeURIComponent(segment) : segment;
}

function errorAnswer(error: unknown, passage: Passage): Answer {
  if (error instanceof TossError) {
    const text = errorBody(error, passage.language);
    return { status: errorStatus(error.code), body: { text } };
  }
  if (error !== null) console.error("The Toss emulator failed to answer a call:", error);
  const internal = new TossError("FAILED_INTERNAL_SYSTEM_PROCESSING");
  return { status: 500, body: { text: errorBody(internal, passage.language) } };
}

function replyOf({ status, body }: Answer): HttpReply {
  return { status, headers: jsonType, body: bodyText(body) };
}

function answerHeaders(passage: Passage): Record<string, string> {
  const trace = { "x-tosspayments-trace-id": passage.traceId };
  return passage.idempotencyKey === null
    ? trace
    : { ...trace, "idempotency-key": passage.idempotencyKey };
}

function errorPage(title: string): string {
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>`;
}
