import { TossError } from "@/packages/toss-twin/api/errors";
import { FaultRule } from "@/packages/toss-twin/faults/rules";
import { exportState, importState } from "@/packages/toss-twin/store/state-file";
import type { World } from "@/packages/toss-twin/world";
import {
  authorizeOrder,
  changeCards,
  deleteKeys,
  depositInto,
  issueAuthKey,
  issueInBulk,
  takeBackDeposit,
} from "./books";
import {
  AuthorizeBilling,
  AuthorizePayment,
  BulkIssue,
  ChangeCard,
  ChangeSettings,
  DeleteBillingKey,
  DepositInto,
  MoveClock,
  RegisterWebhook,
  SendWebhook,
} from "./schemas";
import { clockView, dumpState, moveClock, reset } from "./state";
import { deliveryView, registerWebhook, resendDelivery, sendWebhook } from "./webhooks";

export type ControlCall = {
  readonly world: World;
  /** What stands for `*` in the path; empty without one. */
  readonly subject: string;
  readonly query: URLSearchParams;
  /** The parsed JSON body; throws INVALID_REQUEST. */
  readonly body: () => unknown;
};

type Handler = (call: ControlCall) => unknown;

const ok = { ok: true };

/** Patterns below `/control/`; `*` stands for one path segment. */
const table: readonly (readonly [method: string, pattern: string, handler: Handler])[] = [
  ["GET", "health", () => ok],
  ["GET", "state", ({ world, query }) => dumpState(world, query)],
  ["GET", "export", ({ world }) => exportState(world)],
  ["POST", "import", ({ world, body }) => importState(world, body())],
  ["POST", "reset", ({ world }) => reset(world)],
  ["GET", "clock", ({ world }) => clockView(world)],
  ["POST", "clock", ({ world, body }) => moveClock(world, MoveClock.parse(body()))],
  ["POST", "catch-up", ({ world }) => world.agenda.settled().then(() => ok)],
  ["GET", "settings", ({ world }) => world.settings],
  [
    "POST",
    "settings",
    ({ world, body }) => Object.assign(world.settings, ChangeSettings.parse(body())),
  ],
  ["GET", "faults", ({ world }) => world.faults.list()],
  ["POST", "faults", ({ world, body }) => addFault(world, FaultRule.parse(body()))],
  ["DELETE", "faults", ({ world }) => clearFaults(world)],
  ["DELETE", "faults/*", ({ world, subject }) => known(world.faults.remove(subject))],
  [
    "POST",
    "authorize-billing",
    ({ world, body }) => issueAuthKey(world, AuthorizeBilling.parse(body())),
  ],
  [
    "POST",
    "authorize-payment",
    ({ world, body }) => authorizeOrder(world, AuthorizePayment.parse(body())),
  ],
  ["POST", "billing-keys", ({ world, body }) => issueInBulk(world, BulkIssue.parse(body()))],
  [
    "POST",
    "delete-billing-key",
    ({ world, body }) => deleteKeys(world, DeleteBillingKey.parse(body())),
  ],
  ["POST", "card", ({ world, body }) => changeCards(world, ChangeCard.parse(body()))],
  ["POST", "deposit", ({ world, body }) => depositInto(world, DepositInto.parse(body()))],
  ["POST", "deposit-error", ({ world, body }) => takeBackDeposit(world, DepositInto.parse(body()))],
  ["GET", "webhooks", ({ world }) => [...world.store.registrations.values()]],
  ["POST", "webhooks", ({ world, body }) => registerWebhook(world, RegisterWebhook.parse(body()))],
  ["DELETE", "webhooks/*", ({ world, subject }) => known(world.store.removeRegistration(subject))],
  ["POST", "send-webhook", ({ world, body }) => sendWebhook(world, SendWebhook.parse(body()))],
  [
    "GET",
    "deliveries",
    ({ world }) => [...world.store.deliveries.values()].reverse().map(deliveryView),
  ],
  ["POST", "deliveries/*/resend", ({ world, subject }) => resendDelivery(world, subject)],
];

const routes = table.map(([method, pattern, handler]) => ({
  method,
  handler,
  pattern: new RegExp(`^/control/${pattern.replace("*", "(\\w{1,60})")}$`),
}));

export function findControlRoute(
  method: string,
  path: string,
): { handler: Handler; subject: string } | null {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { handler: route.handler, subject: match[1] ?? "" };
  }
  return null;
}

function addFault(world: World, rule: FaultRule): object {
  if (rule.kind !== "connection-refused") return world.faults.add(rule);
  world.refuseConnections(rule.forMs);
  return rule;
}

function clearFaults(world: World): typeof ok {
  world.faults.clear();
  return ok;
}

function known(wasThere: boolean): typeof ok {
  if (!wasThere) throw new TossError("NOT_FOUND", "There is nothing of that name.");
  return ok;
}
