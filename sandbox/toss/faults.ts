import { z } from "zod";
import { errorCodes } from "./errors";
import { billingKeyId } from "./ids";
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
  "transactions",
] as const;

export type Operation = (typeof operations)[number];

/** Every named field must agree; an empty match hits every API call. */
const Match = z.strictObject({
  operation: z.enum(operations).optional(),
  method: z.enum(["GET", "POST", "DELETE"]).optional(),
  /** The beginning of the path. */
  path: z.string().max(400).optional(),
  orderId: z.string().max(64).optional(),
  /** The billing key itself, or its id as the state dump gives it. */
  billingKey: z.string().max(200).optional(),
  customerKey: z.string().max(300).optional(),
});

const common = {
  match: Match.default({}),
  /** How often the rule strikes; once by default, without end for an outage or with a probability. */
  times: z.int().min(1).max(1_000_000).optional(),
  probability: z.number().gt(0).max(1).optional(),
};

export const FaultRule = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.enum([
      "hang-up-before",
      "hang-up-after-execute",
      "500-executed",
      "truncated-json",
      "html-page",
      "wrong-amount",
      "wrong-order-id",
      "429",
      "outage",
    ]),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("500-not-executed"),
    /** Bind the 500 to its idempotency key; the setting `store5xx` decides when missing. */
    store: z.boolean().optional(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("delay"),
    delayMs: z.int().min(0).max(600_000),
  }),
  z.strictObject({ ...common, kind: z.literal("decline"), code: z.enum(errorCodes) }),
]);

export type FaultRule = z.infer<typeof FaultRule>;
export type NewFaultRule = z.input<typeof FaultRule>;
export type ActiveFault = FaultRule & {
  readonly id: string;
  /** Null: until it is cleared. */
  readonly left: number | null;
};

export type FaultTarget = {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
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

  list(): readonly ActiveFault[] {
    return this.active;
  }

  add(rule: FaultRule): ActiveFault {
    this.count += 1;
    const isEndless = rule.kind === "outage" || rule.probability !== undefined;
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
    const fault = this.active.find(
      (candidate) => matches(candidate, target) && Math.random() < (candidate.probability ?? 1),
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

function matches({ match }: ActiveFault, target: FaultTarget): boolean {
  return (
    (match.operation === undefined || match.operation === target.operation) &&
    (match.method === undefined || match.method === target.method) &&
    (match.path === undefined || target.path.startsWith(match.path)) &&
    (match.orderId === undefined || match.orderId === target.orderId) &&
    (match.customerKey === undefined || match.customerKey === target.customerKey) &&
    (match.billingKey === undefined ||
      (target.billingKey !== null &&
        (match.billingKey === target.billingKey ||
          match.billingKey === billingKeyId(target.billingKey))))
  );
}
