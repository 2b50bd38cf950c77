import type { Operation } from "@/packages/toss-twin/faults/rules";
import { decodeSegment } from "@/packages/toss-twin/http/messages";
import {
  chargeBillingKey,
  deleteBillingKey,
  issueBillingKey,
  registerCardByNumber,
} from "./billing";
import type { Handler } from "./call";
import { cancelPayment } from "./cancels";
import { cancelCashReceipt, issueCashReceipt, listCashReceipts } from "./cash-receipts";
import { confirmPayment, queryOrder, queryPayment, refuseKeyIn } from "./payments";
import { listCardPromotions, listPromotions } from "./promotions";
import { listSettlements, settleByHand } from "./settlements";
import { listTransactions } from "./transactions";
import { issueVirtualAccount } from "./virtual-accounts";

export type Route = {
  readonly operation: Operation;
  readonly handler: Handler;
  /** The key or order id in the path, decoded; empty where the path has none. */
  readonly subject: string;
};

/** Patterns in the order in which they are tried; `*` stands for one path segment. */
const table: readonly (readonly [
  method: string,
  pattern: string,
  operation: Operation,
  handler: Handler,
])[] = [
  ["POST", "/v1/billing/authorizations/issue", "issue", issueBillingKey],
  ["POST", "/v1/billing/authorizations/card", "register-card", registerCardByNumber],
  ["POST", "/v1/billing/*", "charge", chargeBillingKey],
  ["DELETE", "/v1/billing/*", "delete-key", deleteBillingKey],
  ["POST", "/v1/payments/confirm", "confirm", confirmPayment],
  ["POST", "/v1/payments/key-in", "key-in", refuseKeyIn],
  // The confirm of 2021, which most code written since then still calls.
  ["POST", "/v1/payments/*", "confirm", confirmPayment],
  ["POST", "/v1/payments/*/cancel", "cancel", cancelPayment],
  ["GET", "/v1/payments/orders/*", "query", queryOrder],
  ["GET", "/v1/payments/*", "query", queryPayment],
  ["POST", "/v1/virtual-accounts", "virtual-account", issueVirtualAccount],
  ["POST", "/v1/cash-receipts", "cash-receipt", issueCashReceipt],
  ["POST", "/v1/cash-receipts/*/cancel", "cancel-cash-receipt", cancelCashReceipt],
  ["GET", "/v1/cash-receipts", "cash-receipts", listCashReceipts],
  ["GET", "/v1/transactions", "transactions", listTransactions],
  ["GET", "/v1/settlements", "settlements", listSettlements],
  ["POST", "/v1/settlements", "settle", settleByHand],
  ["GET", "/v1/promotions", "promotions", listPromotions],
  ["GET", "/v1/promotions/card", "promotions", listCardPromotions],
];

const routes = table.map(([method, pattern, operation, handler]) => ({
  method,
  operation,
  handler,
  pattern: new RegExp(`^${pattern.replace("*", "([^/]+)")}$`),
}));

export function findRoute(method: string, path: string): Route | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = route.pattern.exec(path);
    if (!match) continue;
    const subject = decodeSegment(match[1] ?? "");
    if (subject === null) return null;
    return { operation: route.operation, handler: route.handler, subject };
  }
  return null;
}
