import { z } from "zod";
import { errorCodes } from "@/packages/toss-twin/api/errors";
import { billingKeyId } from "@/packages/toss-twin/ids";
import { webhookEvents } from "@/packages/toss-twin/store/records";
import type { Effect } from "./scenarios";

export const operations = [
  "confirm",
  "query",
  "cancel",
  "key-in",
  "issue",
  "register-card",
  "charge",
  "delete-key",
  "virtual-account",
  "cash-receipt",
  "cancel-cash-receipt",
  "cash-receipts",
  "transactions",
  "settlements",
  "settle",
  "promotions",
] as const;

export type Operation = (typeof operations)[number];

/** Every named field must agree; an empty match hits every API call its kind can speak of, or every webhook. */
const Match = z.strictObject({
  operation: z.enum(operations).optional(),
  method: z.enum(["GET", "POST", "DELETE"]).optional(),
  /** The beginning of the path. */
  path: z.string().max(400).optional(),
  orderId: z.string().max(64).optional(),
  /** The billing key itself, or its id as the state dump gives it. */
  billingKey: z.string().max(200).optional(),
  customerKey: z.string().max(300).optional(),
  /** Webhooks only. */
  event: z.enum(webhookEvents).optional(),
});

const common = {
  match: Match.default({}),
  /** How often the rule strikes: once by default; without end with a probability, or for a lasting kind. */
  times: z.int().min(1).max(1_000_000).optional(),
  probability: z.number().gt(0).max(1).optional(),
};

/** Kinds that are a state of things rather than an accident: they last until cleared, unless `times` says otherwise. */
const lasting: ReadonlySet<string> = new Set([
  "outage",
  "card-expired",
  "transactions-lag",
  "settlement-short",
]);

/** Kinds that can only strike some operations. */
const onlyOperations: Readonly<Record<string, ReadonlySet<Operation | undefined>>> = {
  "wrong-amount": new Set<Operation>(["charge", "confirm"]),
  "wrong-order-id": new Set<Operation>([
    ...(["charge", "confirm", "query", "cancel", "virtual-account"] as const),
    ...(["cash-receipt", "cancel-cash-receipt", "cash-receipts", "transactions"] as const),
  ]),
  "card-expired": new Set<Operation>(["charge"]),
  "key-deleted": new Set<Operation>(["charge"]),
  "transactions-lag": new Set<Operation>(["transactions"]),
  "settlement-short": new Set<Operation>(["settlements"]),
};

/** Kinds that bear on the execution of a call: a replay of its stored answer leaves them unused. */
const ofExecution: ReadonlySet<string> = new Set([
  "decline",
  "500-not-executed",
  "delay",
  "wrong-amount",
  "card-expired",
  "key-deleted",
]);

/** Kinds that speak of something done: unless an operation is named, calls that only ask are left alone. */
const ofDeeds: ReadonlySet<string> = new Set([
  "decline",
  "hang-up-after-execute",
  "500-executed",
  "wrong-amount",
  "wrong-order-id",
]);
const asking: ReadonlySet<Operation | undefined> = new Set<Operation>([
  "query",
  "transactions",
  "settlements",
  "cash-receipts",
  "promotions",
]);

const webhookFaultKinds = [
  "webhook-dropped",
  "webhook-doubled",
  "webhook-reordered",
  "webhook-forged-secret",
  "webhook-unknown-event",
  "webhook-extra-fields",
] as const;

export const FaultRule = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.enum([
      "hang-up-before",
      "hang-up-after-execute",
      "truncated-json",
      "html-page",
      "wrong-amount",
      "wrong-order-id",
      "429",
      "outage",
      "card-expired",
      "key-deleted",
    ]),
  }),
  z.strictObject({ ...common, kind: z.enum(webhookFaultKinds) }),
  z.strictObject({
    ...common,
    kind: z.enum(["500-executed", "500-not-executed"]),
    /** Bind the 500 to its idempotency key; the setting `store5xx` decides when missing. */
    store: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("delay"),
    delayMs: z.int().min(0).max(600_000),
  }),
  z.strictObject({ ...common, kind: z.literal("decline"), code: z.enum(errorCodes) }),
  z.strictObject({
    ...common,
    kind: z.literal("transactions-lag"),
    /** What is younger is not listed yet. */
    lagMs: z
      .int()
      .min(1)
      .max(31 * 86_400_000)
      .default(600_000),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("settlement-short"),
    /** Missing from the amount and the pay-out of the order of the match, or of the first row. */
    byWon: z.int().min(1).max(1_000_000_000),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("webhook-late"),
    /** On the emulator's clock. */
    delayMs: z
      .int()
      .min(1)
      .max(31 * 86_400_000),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("webhook-forged-status"),
    status: z
      .string()
      .regex(/^[A-Z_]{1,40}$/)
      .default("DONE"),
  }),
  z.strictObject({
    kind: z.literal("connection-refused"),
    /** Real time for which the port takes no connections, the control API included. */
    forMs: z.int().min(1).max(600_000),
  }),
]);

export type FaultRule = z.infer<typeof FaultRule>;
export type NewFaultRule = z.input<typeof FaultRule>;
type KeptRule = Exclude<FaultRule, { kind: "connection-refused" }>;
export type WebhookFault = Extract<KeptRule, { kind: `webhook-${string}` }>;
export type ActiveFault = KeptRule & {
  readonly id: string;
  /** Null: until it is cleared. */
  readonly left: number | null;
};

export type FaultTarget = {
  readonly operation?: Operation;
  /** Whether only a stored answer will be told again. */
  readonly isReplay?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly event?: string;
  readonly orderId: string | null;
  readonly billingKey: string | null;
  readonly customerKey: string | null;
};

export class FaultRules {
  private active: ActiveFault[] = [];
  private count = 0;

  get isEmpty(): boolean {
    return this.active.length === 0;
  }

  /** Whether everything is down, the window included. */
  get isOutage(): boolean {
    return this.active.some(
      ({ kind, match, probability }) =>
        kind === "outage" && probability === undefined && Object.keys(match).length === 0,
    );
  }

  list(): readonly ActiveFault[] {
    return this.active;
  }

  add(rule: KeptRule): ActiveFault {
    this.count += 1;
    const isEndless = lasting.has(rule.kind) || rule.probability !== undefined;
    const fault = {
      ...rule,
      id: `fault_${this.count}`,
      left: rule.times ?? (isEndless ? null : 1),
    };
    this.active.push(fault);
    return fault;
  }

  /** Whether there was such a rule. */
  remove(id: string): boolean {
    const before = this.active.length;
    this.active = this.active.filter((fault) => fault.id !== id);
    return this.active.length < before;
  }

  clear(): void {
    this.active = [];
  }

  /** The effect of the oldest rule that strikes this call; using it up. */
  take(target: FaultTarget): Effect | null {
    const fault = this.strike((candidate) => !isWebhookFault(candidate), target);
    return fault && !isWebhookFault(fault) ? fault : null;
  }

  /** The same for a webhook that is about to be sent. */
  takeForWebhook(target: FaultTarget): WebhookFault | null {
    const fault = this.strike(isWebhookFault, target);
    return fault && isWebhookFault(fault) ? fault : null;
  }

  private strike(
    isCandidate: (fault: ActiveFault) => boolean,
    target: FaultTarget,
  ): ActiveFault | null {
    const fault = this.active.find(
      (candidate) =>
        isCandidate(candidate) &&
        matches(candidate, target) &&
        Math.random() < (candidate.probability ?? 1),
    );
    if (!fault) return null;
    if (fault.left !== null) {
      const left = fault.left - 1;
      this.active = this.active.flatMap((other) => {
        if (other.id !== fault.id) return [other];
        return left === 0 ? [] : [{ ...other, left }];
      });
    }
    return fault;
  }
}

function isWebhookFault(fault: ActiveFault): fault is WebhookFault & ActiveFault {
  return fault.kind.startsWith("webhook-");
}

function matches({ kind, match }: ActiveFault, target: FaultTarget): boolean {
  const only = onlyOperations[kind];
  // The order id of a shortened settlement names a row of the answer, not the call.
  const orderId = kind === "settlement-short" ? undefined : match.orderId;
  return (
    (only === undefined || only.has(target.operation)) &&
    !(target.isReplay === true && ofExecution.has(kind)) &&
    (match.operation === undefined
      ? !(ofDeeds.has(kind) && asking.has(target.operation))
      : match.operation === target.operation) &&
    (match.method === undefined || match.method === target.method) &&
    (match.path === undefined || (target.path ?? "").startsWith(match.path)) &&
    (match.event === undefined || match.event === target.event) &&
    (orderId === undefined || orderId === target.orderId) &&
    (match.customerKey === undefined || match.customerKey === target.customerKey) &&
    (match.billingKey === undefined || isSameKey(match.billingKey, target.billingKey))
  );
}

/** A webhook names the key without its trailing "=". */
function isSameKey(asked: string, billingKey: string | null): boolean {
  if (billingKey === null) return false;
  return (
    asked.replace(/=+$/, "") === billingKey.replace(/=+$/, "") || asked === billingKeyId(billingKey)
  );
}
