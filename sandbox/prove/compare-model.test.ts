/** What the books find of terms, credit and expectations, on books of one account that are right but for one thing. */
import { expect, test } from "vitest";
import type { Books, Finding } from "./books";
import { checkContracts } from "./compare-contracts";
import { checkCredit, checkDues } from "./compare-credit";

type Rows<T> = T extends readonly (infer R)[] ? R : never;
type Row<K extends keyof Books> = Rows<Books[K]>;

const CUSTOMER = { account_id: "cus_1" };
const CONTRACT: Row<"subscriptions"> = {
  ...CUSTOMER,
  ...{ id: "sub_1", checkout_id: "chk_1", status: "active", interval: "month", amount_won: "9900" },
  ...{ payment_method_id: "pm_1", anchor_on: "2027-01-31", terms_seq: 0, periods_paid: 2 },
  ...{ paid_to: "2027-03-31", expects: "charge", expected_won: "9900", pays_to: "2027-04-30" },
  ...{ next_try_on: null, cancels_on: null, ended_on: null, end_reason: null, trial_days: 0 },
  next_action_at: new Date("2027-03-31T01:00:00Z"),
};
const NO_CREDIT = {
  ...{ credit_granted_won: "0", credit_used_granted_won: "0", credit_used_paid_won: "0" },
  ...{ forgiven_won: "0", top_up_won: "0" },
};
const FIRST: Row<"invoices"> = {
  ...CUSTOMER,
  ...{ id: "inv_1", subscription_id: "sub_1", status: "paid", kind: "period", ...NO_CREDIT },
  ...{ total_won: "9900", due_won: "9900", lines: [{ won: 9_900 }] },
  ...{ period_starts_on: "2027-01-31", period_ends_on: "2027-02-28" },
};
/** Paid with 5,000 won of a gift. */
const SECOND: Row<"invoices"> = {
  ...FIRST,
  ...{ id: "inv_2", due_won: "4900", credit_used_granted_won: "5000" },
  ...{ period_starts_on: "2027-02-28", period_ends_on: "2027-03-31" },
};
const charge = (id: string, invoice: string, won: string): Row<"charges"> => ({
  ...CUSTOMER,
  ...{ id, invoice_id: invoice, amount_won: won, status: "approved", trigger: "automatic" },
  ...{ payment_method_id: "pm_1", order_id: `ord_${id}`, payment_key: `key_${id}` },
  ...{ needs_review: false, decline_code: null, unknown_reason: null, settle_at: null },
  ...{ created_at: new Date("2027-02-28T01:00:00Z"), called_at: null },
});
const entry = (account: string, won: string, invoice: string | null) => ({
  ...{ id: won, account, amount_won: won, invoice_id: invoice, charge_id: null },
  ...{ account_id: "cus_1", journal_id: invoice === null ? "grt_1" : "jou_1" },
});
const AS_IT_ENDED = { contract: `{"status":"ended"}`, terms: "[]", items: "[]" };

const RIGHT: Books = {
  now: new Date("2027-03-10T01:00:00Z"),
  subscriptions: [CONTRACT],
  invoices: [FIRST, SECOND],
  charges: [charge("chg_1", "inv_1", "9900"), charge("chg_2", "inv_2", "4900")],
  refunds: [],
  grants: [{ id: "grt_1", account_id: "cus_1", amount_won: "7000" }],
  entries: [entry("credit-granted", "-7000", null), entry("credit-granted", "5000", "inv_2")],
  ordered: [
    {
      ...{ subscription_id: "sub_1", plan_id: "basic", price_id: "basic-month-v1" },
      ...{ interval: "month", amount_won: "9900" },
    },
  ],
  items: [
    {
      ...{ subscription_id: "sub_1", seq: 0, interval: "month", kind: "plan", key: "basic" },
      ...{ price_id: "basic-month-v1", unit_won: "9900", quantity: 1 },
    },
  ],
  surprises: [],
  forecasts: [
    { day: "2027-03-11", count: 0, amount_won: "0" },
    { day: "2027-03-31", count: 1, amount_won: "9900" },
  ],
  over: [{ subscription_id: "sub_0", ...CUSTOMER, kept: AS_IT_ENDED, now: AS_IT_ENDED }],
  wishedRefunds: new Set(["req_1"]),
  falsified: new Set(),
  methods: [],
  registrations: [],
  consents: [],
  heldMethods: new Set(),
  accountOfKey: new Map(),
  messages: [],
  payments: [],
  keysAtToss: [],
  calls: [],
  open: [],
  historyOf: () => [],
};

const refund = (request: string): Row<"refunds"> => ({
  ...CUSTOMER,
  ...{ id: "ref_1", charge_id: "chg_1", request_id: request, requested_by: "operator" },
  ...{ amount_won: "900", status: "done", needs_review: false, unknown_reason: null },
});

function find(difference: Partial<Books>): readonly string[] {
  const books = { ...RIGHT, ...difference };
  const findings: Finding[] = [
    ...checkDues(books),
    ...checkCredit(books),
    ...checkContracts(books),
  ];
  return [...new Set(findings.map(({ kind }) => kind))];
}

test("books that are right hold nothing to find", () => {
  expect(find({})).toEqual([]);
  expect(find({ refunds: [refund("req_1")] })).toEqual([]);
});

const invoiced = (change: Partial<Row<"invoices">>) => ({
  invoices: [FIRST, { ...SECOND, ...change }],
});
const contract = (change: Partial<Row<"subscriptions">>) => ({
  subscriptions: [{ ...CONTRACT, ...change }],
});
const charged = (won: string) => ({
  charges: [charge("chg_1", "inv_1", "9900"), charge("chg_2", "inv_2", won)],
});

test.each<[string, string, Partial<Books>]>([
  ["a charge for the total though credit paid a part", "due", charged("9900")],
  ["a charge for less than is due", "due", charged("4800")],
  ["an amount due that credit does not explain", "due", invoiced({ due_won: "9900" })],
  ["lines that are not the total", "due", invoiced({ lines: [{ won: 4_900 }] })],
  [
    "a won forgiven though a card can be charged for it",
    "due",
    invoiced({ due_won: "0", forgiven_won: "4900" }),
  ],
  [
    "a charge of which nothing was due",
    "due",
    {
      ...invoiced({ due_won: "0", credit_used_granted_won: "9900" }),
      ...{ grants: [{ id: "grt_1", account_id: "cus_1", amount_won: "9900" }] },
      entries: [entry("credit-granted", "-9900", null), entry("credit-granted", "9900", "inv_2")],
      ...charged("0"),
    },
  ],
  [
    "credit that is used before it is given",
    "credit",
    {
      entries: [entry("credit-granted", "5000", "inv_2"), entry("credit-granted", "-7000", null)],
    },
  ],
  [
    "more credit used than was given",
    "credit",
    { grants: [{ id: "grt_1", account_id: "cus_1", amount_won: "4000" }] },
  ],
  [
    "credit of a void invoice that does not come back",
    "credit",
    { ...invoiced({ status: "void" }), charges: [charge("chg_1", "inv_1", "9900")] },
  ],
  [
    "a gift that is booked as the customer's money",
    "gift-as-money",
    {
      entries: [entry("credit-paid", "-7000", null), entry("credit-granted", "5000", "inv_2")],
    },
  ],
  ["a refund nobody asked for", "gift-as-money", { refunds: [refund("gift_1")] }],
  [
    "terms at another price than was ordered",
    "terms",
    { items: RIGHT.items.map((item) => ({ ...item, unit_won: "4900" })) },
  ],
  ["an expected amount that is not the contract's", "expects", contract({ expected_won: "4900" })],
  ["an end that is saved as a charge", "expects", contract({ cancels_on: "2027-03-31" })],
  ["a day that is paid for to another day", "expects", contract({ pays_to: "2027-04-28" })],
  [
    "a forecast that leaves a contract out",
    "forecast",
    { forecasts: [{ day: "2027-03-31", count: 0, amount_won: "0" }] },
  ],
  [
    "a contract that changed after it had ended",
    "old-contract",
    {
      over: [
        {
          ...{ subscription_id: "sub_0", ...CUSTOMER, kept: AS_IT_ENDED },
          now: { ...AS_IT_ENDED, items: "[1]" },
        },
      ],
    },
  ],
])("%s is found as %s", (_, kind, difference) => {
  expect(find(difference)).toContain(kind);
});

test("a contract that does otherwise than expected is a finding, unless it was falsified and looked at", () => {
  const surprise: Row<"surprises"> = {
    ...{ subscription_id: "sub_1", expects: "charge", expected_won: "9901" },
    ...{ decides: "charge", decided_won: "9900", resolved_at: RIGHT.now },
  };
  expect(find({ surprises: [surprise] })).toEqual(["surprise"]);
  const falsified = new Set(["sub_1"]);
  expect(find({ surprises: [surprise], falsified })).toEqual([]);
  expect(find({ surprises: [{ ...surprise, resolved_at: null }], falsified })).toEqual([
    "surprise",
  ]);
});

test("a trial expects its end until it is agreed to within the window", () => {
  const trial = {
    ...{ status: "trialing", periods_paid: 0, anchor_on: "2027-03-31" },
    ...{ expects: "end", expected_won: "0", pays_to: null },
  };
  const books = {
    ...contract(trial),
    ...{ invoices: [], charges: [], grants: [], entries: [], forecasts: [] },
  };
  expect(find(books)).toEqual([]);
  const consent: Row<"consents"> = {
    ...{ subscription_id: "sub_1", changes_on: "2027-03-31", to_won: "9900", voided_at: null },
    agreed_at: new Date("2027-03-05T01:00:00Z"),
  };
  expect(find({ ...books, consents: [consent] })).toEqual(["expects"]);
  const early = { ...consent, agreed_at: new Date("2027-02-01T01:00:00Z") };
  expect(find({ ...books, consents: [early] })).toEqual([]);
});
