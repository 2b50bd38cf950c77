import { z } from "zod";
import { registerCard, removeBillingKey } from "./billing";
import {
  AuthorizeBilling,
  AuthorizePayment,
  type BillingKeyView,
  BulkIssue,
  ChangeSettings,
  type ClockView,
  DeleteBillingKey,
  MoveClock,
  type StateDump,
} from "./control-schemas";
import { errorMessage, errorStatus, TossError } from "./errors";
import { FaultRule } from "./faults";
import { type HttpReply, type HttpRequest, jsonReply } from "./http";
import { billingKeyId, maskKey } from "./ids";
import { paymentView } from "./payment-view";
import { currentPayment } from "./payments";
import { seoulTime } from "./seoul-time";
import type { BillingRecord } from "./store";
import { authorizeBilling, authorizePayment, createReadyPayment } from "./windows";
import type { Merchant, World } from "./world";

/** What `/control` answers: always JSON, for tests and the command line, and never under `/v1`. */
export function answerControl(world: World, request: HttpRequest): HttpReply {
  try {
    if (
      request.method !== "GET" &&
      !/^application\/json\b/.test(request.headers["content-type"] ?? "")
    ) {
      // A plain form of some website could otherwise reach this port behind its visitor's back.
      return refusal(415, "INVALID_REQUEST", "Send application/json.");
    }
    const reply = route(world, request);
    world.store.commit();
    return reply;
  } catch (error) {
    if (error instanceof TossError) {
      const message = error.detail ?? errorMessage(error.code, "en");
      return refusal(errorStatus(error.code), error.code, message);
    }
    if (error instanceof z.ZodError) {
      return refusal(400, "INVALID_REQUEST", z.prettifyError(error));
    }
    throw error;
  }
}

function route(world: World, request: HttpRequest): HttpReply {
  const body = () => parseJson(request);
  switch (`${request.method} ${request.path}`) {
    case "GET /control/health":
      return jsonReply({ ok: true });
    case "GET /control/state":
      return jsonReply(dumpState(world, request.query));
    case "GET /control/faults":
      return jsonReply(world.faults.list());
    case "POST /control/faults":
      return jsonReply(world.faults.add(FaultRule.parse(body())));
    case "DELETE /control/faults":
      world.faults.clear();
      return jsonReply({ ok: true });
    case "GET /control/clock":
      return jsonReply(clockView(world));
    case "POST /control/clock":
      return jsonReply(moveClock(world, MoveClock.parse(body())));
    case "GET /control/settings":
      return jsonReply(world.settings);
    case "POST /control/settings":
      return jsonReply(Object.assign(world.settings, ChangeSettings.parse(body())));
    case "POST /control/authorize-billing":
      return jsonReply(issueAuthKey(world, AuthorizeBilling.parse(body())));
    case "POST /control/authorize-payment":
      return jsonReply(authorizeOrder(world, AuthorizePayment.parse(body())));
    case "POST /control/billing-keys":
      return jsonReply(issueInBulk(world, BulkIssue.parse(body())));
    case "POST /control/delete-billing-key":
      return jsonReply(deleteKeys(world, DeleteBillingKey.parse(body())));
    case "POST /control/reset":
      world.store.reset();
      world.faults.clear();
      world.calls.clear();
      return jsonReply({ ok: true });
    default:
      return removeFault(world, request);
  }
}

function removeFault(world: World, request: HttpRequest): HttpReply {
  const id = /^\/control\/faults\/(fault_\d+)$/.exec(request.path)?.[1];
  if (request.method === "DELETE" && id !== undefined && world.faults.remove(id)) {
    return jsonReply({ ok: true });
  }
  return refusal(404, "NOT_FOUND", "There is no such control call.");
}

function dumpState(world: World, query: URLSearchParams): StateDump {
  const orderId = query.get("orderId");
  const customerKey = query.get("customerKey");
  return {
    clock: clockView(world),
    settings: world.settings,
    faults: world.faults.list(),
    payments: [...world.store.payments.values()]
      .filter((payment) => orderId === null || payment.orderId === orderId)
      .filter((payment) => customerKey === null || payment.customerKey === customerKey)
      .map((payment) => currentPayment(world, payment) ?? payment)
      .map((payment) => ({
        ...paymentView(payment, {
          language: "ko",
          version: findMerchant(world, payment.mId).apiVersion,
          publicUrl: world.publicUrl,
        }),
        paymentKey: payment.paymentKey,
        orderId: payment.orderId,
        status: payment.status,
        type: payment.type,
        totalAmount: payment.totalAmount,
        balanceAmount: payment.balanceAmount,
        customerKey: payment.customerKey,
        scenario: payment.scenario,
      })),
    billingKeys: [...world.store.billings.values()]
      .filter((billing) => customerKey === null || billing.customerKey === customerKey)
      .map(billingKeyView),
    calls: world.calls.list(),
  };
}

export function billingKeyView(billing: BillingRecord): BillingKeyView {
  return {
    id: billingKeyId(billing.billingKey),
    maskedKey: maskKey(billing.billingKey),
    mId: billing.mId,
    customerKey: billing.customerKey,
    scenario: billing.scenario,
    issuerCode: billing.card.issuerCode,
    number: billing.card.number,
    authenticatedAt: seoulTime(billing.authenticatedAt),
    removedAt: billing.removedAt === null ? null : seoulTime(billing.removedAt),
    attempts: billing.attempts,
  };
}

function clockView(world: World): ClockView {
  return { now: seoulTime(world.now()), ownsClock: world.ownsClock };
}

function moveClock(world: World, move: z.infer<typeof MoveClock>): ClockView {
  if (!world.ownsClock) {
    throw new TossError("FORBIDDEN_REQUEST", "The clock is read from a file; move it there.");
  }
  const byMs = "to" in move ? Date.parse(move.to) - world.now() : move.byMs;
  if (byMs < 0) throw new TossError("INVALID_DATE", "The clock only moves forward.");
  world.store.clockOffsetMs += byMs;
  world.store.saveClockOffset(world.store.clockOffsetMs);
  return clockView(world);
}

function issueAuthKey(world: World, asked: z.infer<typeof AuthorizeBilling>): { authKey: string } {
  const { mId } = findMerchant(world, asked.mId);
  return { authKey: authorizeBilling(world, mId, asked.customerKey, asked.scenario) };
}

function authorizeOrder(
  world: World,
  asked: z.infer<typeof AuthorizePayment>,
): { paymentKey: string; orderId: string; amount: number } {
  const { amount, orderId, orderName, taxFreeAmount } = asked;
  const order = { amount, orderId, orderName, taxFreeAmount, customerKey: null, metadata: null };
  const ready = createReadyPayment(world, findMerchant(world, asked.mId), order);
  const { paymentKey } = authorizePayment(world, ready, asked.scenario);
  return { paymentKey, orderId, amount };
}

function issueInBulk(
  world: World,
  { count, customerKeys, scenario, mId }: z.infer<typeof BulkIssue>,
): { billingKeys: { customerKey: string; billingKey: string }[] } {
  const merchant = findMerchant(world, mId);
  const customers = customerKeys ?? Array.from({ length: count ?? 0 }, () => crypto.randomUUID());
  return {
    billingKeys: customers.map((customerKey) => {
      const { billingKey } = registerCard(world, merchant, customerKey, scenario);
      return { customerKey, billingKey };
    }),
  };
}

function deleteKeys(world: World, asked: z.infer<typeof DeleteBillingKey>): { deleted: number } {
  const found = [...world.store.billings.values()].filter((billing) => {
    if (billing.removedAt !== null) return false;
    if ("billingKey" in asked) return billing.billingKey === asked.billingKey;
    if ("id" in asked) return billingKeyId(billing.billingKey) === asked.id;
    return billing.customerKey === asked.customerKey;
  });
  if (found.length === 0) throw new TossError("NOT_FOUND_BILLING");
  for (const billing of found) removeBillingKey(world, billing);
  return { deleted: found.length };
}

/** The named merchant, else the first one. */
function findMerchant(world: World, mId: string | undefined): Merchant {
  const merchant = world.merchants.find((candidate) => mId === undefined || candidate.mId === mId);
  if (!merchant) throw new TossError("NOT_FOUND_MERCHANT");
  return merchant;
}

function parseJson(request: HttpRequest): unknown {
  try {
    if (request.body !== null) return JSON.parse(request.body);
  } catch {
    throw new TossError("INVALID_REQUEST", "The body is not JSON.");
  }
  throw new TossError("INVALID_REQUEST", "The body is too large.");
}

function refusal(status: number, code: string, message: string): HttpReply {
  return jsonReply({ code, message }, status);
}
