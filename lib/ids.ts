import { randomUUID } from "node:crypto";

const PREFIXES = {
  user: "usr",
  customer: "cus",
  checkout: "chk",
  registration: "reg",
  paymentMethod: "pm",
  subscription: "sub",
  invoice: "inv",
  charge: "chg",
  refund: "rfd",
  consent: "con",
  message: "msg",
  webhook: "whk",
  audit: "aud",
  journal: "jnl",
  stop: "stp",
  reconciliation: "rcn",
  finding: "fnd",
  /** What Toss knows an attempt by: unique for ever, within Toss's 6-64 characters. */
  order: "ord",
  /** The idempotency key of one attempt; the same attempt repeated sends the same key. */
  idempotencyKey: "key",
} as const;

export type IdKind = keyof typeof PREFIXES;

export type NewId = (kind: IdKind) => string;

/** A fresh, unguessable id such as `sub_3f9a…`: at most 36 characters of letters, digits and `_`. */
export const newId: NewId = (kind) => `${PREFIXES[kind]}_${randomUUID().replaceAll("-", "")}`;
