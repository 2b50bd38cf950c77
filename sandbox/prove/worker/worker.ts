/**
 * A worker of the proof: a small HTTP server with the app's job functions on /api/inngest and the customer's actions
 * on /act, on the real operations. It answers each request on a connection of its own, so that the next one may go to
 * another worker.
 */

import { createServer, type IncomingMessage } from "node:http";
import type { InngestFunction } from "inngest";
import { serve } from "inngest/node";
import { deps } from "@/deps";
import { inngest } from "@/inngest/client";
import { parseWon } from "@/lib/billing/money";
import { acceptCard } from "@/lib/operations/card/accept";
import { replaceCard } from "@/lib/operations/card/replace";
import { collectCharges } from "@/lib/operations/charge/collect";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { acceptPayment } from "@/lib/operations/checkout/accept-payment";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { giveConsent } from "@/lib/operations/consent/give";
import { type CreditGrantOrder, grantCredit } from "@/lib/operations/credit/grant";
import { refundCharge } from "@/lib/operations/refund/send";
import { forecastCharges } from "@/lib/operations/renewal/forecast";
import { resolveRenewalFinding } from "@/lib/operations/renewal/resolve-finding";
import { reviewExpectations } from "@/lib/operations/renewal/review-expectations";
import { sweepRenewals } from "@/lib/operations/renewal/sweep";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { type Actor, member, operator } from "@/lib/operations/work";
import { report } from "./fate";
import { believeWebhook } from "./sabotaged";

type Person = { accountId: string; userId: string; customerKey: string };
type Order = Person & { subscriptionId: string };
type Returned = Person & { checkoutId: string };

function acting<P extends Person>(person: P): P & { actor: Actor } {
  return { ...person, actor: member(person.userId) };
}

/** What customers, their browsers and Toss's webhooks do. */
const ACTIONS = {
  createCheckout: (order: Person & { priceId: string }) => createCheckout(deps(), acting(order)),
  agreeToCheckout: (agreement: Returned) =>
    agreeToCheckout(deps(), { ...acting(agreement), termsVersion: "prove" }),
  acceptCard: (card: Person & { checkoutId: string | null; authKey: string }) =>
    acceptCard(deps(), { ...card, customer: card }),
  acceptPayment: (payment: Returned & { paymentKey: string; orderId: string; amount: number }) =>
    acceptPayment(deps(), acting(payment)),
  completeCheckout: (at: { checkoutId: string; retryCard: boolean }) =>
    completeCheckout(deps(), at.checkoutId, { retryCard: at.retryCard }),
  replaceCard: (at: { registrationId: string }) => replaceCard(deps(), at.registrationId),
  cancelSubscription: (order: Order) => cancelSubscription(deps(), acting(order)),
  undoCancel: (order: Order) => undoCancel(deps(), acting(order)),
  payOverdue: (order: Order & { afterChargeId: string }) => payOverdue(deps(), acting(order)),
  giveConsent: (order: Order) =>
    giveConsent(deps(), { ...acting(order), textVersion: "prove", ip: null, userAgent: null }),
  refundCharge: (order: { chargeId: string; amountWon: number; requestId: string }) =>
    refundCharge(deps(), {
      ...order,
      amountWon: parseWon(order.amountWon),
      reason: "고객 요청",
      actor: operator("operator"),
    }),
  grantCredit: (gift: Omit<CreditGrantOrder, "actor" | "grantedBy">) =>
    grantCredit(deps(), { ...gift, actor: operator("operator"), grantedBy: "operator" }),
  resolveFinding: (finding: { findingId: string }) =>
    resolveRenewalFinding(deps(), { ...finding, actor: operator("operator"), note: "확인했음" }),
  /** What is expected by now: foretold, and computed anew. */
  forecast: async () => {
    await forecastCharges(deps());
    return reviewExpectations(deps());
  },
  /** A sweep beside the job engine's own, as two engines at once would run; one by one they meet in every account. */
  sweep: async ({ size }: { size: number }) => {
    const from = { size, batches: Math.ceil(20 / size), goesOnTo: null };
    const { batches } = await sweepRenewals(deps(), from);
    for (const chargeIds of batches) await collectCharges(deps(), chargeIds);
  },
  receiveWebhook: async (webhook: { body: string; transmissionId: string | null }) => {
    await believeWebhook(deps(), webhook.body);
    return receiveWebhook(deps(), webhook);
  },
};

export type Actions = typeof ACTIONS;

/** Codes of a rejection that only says that the database's connection is gone. */
const CONNECTION_LOST = /^(57P0\d|CONNECTION_\w+|ECONNRE\w+)$/;

/** `modules` are those of inngest/functions; whatever function they export is served. */
export function startWorker(modules: readonly object[]): void {
  const exported = modules.flatMap((module): unknown[] => Object.values(module));
  const functions = exported.filter(isFunction);
  const jobs = serve({ client: inngest, functions });
  const server = createServer((request, response) => {
    response.shouldKeepAlive = false;
    if (request.url?.startsWith("/act/")) {
      act(request).then(
        (body) => response.end(JSON.stringify({ ok: true, value: body ?? null })),
        (fault: unknown) => {
          const reason = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
          process.stderr.write(`${request.url}: ${reason}\n`);
          response.writeHead(500).end(JSON.stringify({ ok: false, reason }));
        },
      );
    } else void jobs(request, response);
  });
  surviveLostConnections();
  // The pipe closes when the parent is gone, however it went.
  process.stdin.resume().once("end", () => process.exit());
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    report(`p ${typeof address === "object" && address ? address.port : 0}`);
  });
}

async function act(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const name = request.url?.slice("/act/".length) ?? "";
  if (!Object.hasOwn(ACTIONS, name)) throw new Error(`No action ${name}`);
  const action = ACTIONS[name as keyof Actions] as (input: unknown) => Promise<unknown>;
  return action(JSON.parse(Buffer.concat(chunks).toString("utf8")));
}

function isFunction(value: unknown): value is InngestFunction.Any {
  return typeof value === "object" && value !== null && "createExecution" in value;
}

/**
 * A cut connection makes the database's driver reject promises nobody holds, which `next start` writes to its log and
 * survives, and now and then write to a socket that is gone, which ends `next start` as it ends this worker.
 */
function surviveLostConnections(): void {
  process.on("unhandledRejection", (reason: unknown) => {
    const code = reason instanceof Error && "code" in reason ? String(reason.code) : "";
    if (!CONNECTION_LOST.test(code)) throw reason;
  });
  process.on("uncaughtException", (error) => {
    if (error.stack?.includes("nextWrite")) report("k (database driver fell over)");
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
}
