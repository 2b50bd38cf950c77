/** The form of a case: a start, wishes by day, and every invoice, refund, credit and date that must follow. */
import { z } from "zod";
import { INTERVALS, parseCalendarDate } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";

const day = z.string().transform((text, context) => {
  try {
    return parseCalendarDate(text);
  } catch {
    context.addIssue({ code: "custom", message: `not a day: ${text}` });
    return z.NEVER;
  }
});
const won = z.int().min(0).transform(parseWon);
const interval = z.enum(INTERVALS);
const quantity = z.int().min(0);

const change = z
  .strictObject({
    on: day,
    do: z.literal("change"),
    unitWon: won.optional(),
    interval: interval.optional(),
    quantity: quantity.optional(),
    addOnQuantity: quantity.optional(),
    addOnUnitWon: won.optional(),
  })
  .superRefine(({ unitWon, interval: other, quantity: seats, addOnQuantity }, context) => {
    const wishes = [unitWon ?? other, seats, addOnQuantity].filter((wish) => wish !== undefined);
    if (wishes.length !== 1)
      context.addIssue({ code: "custom", message: `holds ${wishes.length} wishes instead of one` });
    if (other !== undefined && unitWon === undefined)
      context.addIssue({ code: "custom", message: "an interval needs its unitWon" });
  });

const step = z.discriminatedUnion("do", [
  change,
  z.strictObject({ on: day, do: z.literal("pause") }),
  z.strictObject({ on: day, do: z.literal("resume") }),
  z.strictObject({ on: day, do: z.literal("cancel") }),
  z.strictObject({
    on: day,
    do: z.literal("cancel-now"),
    penaltyPercent: z.int().min(0).max(100).default(0),
    used: z.boolean().default(true),
  }),
  z.strictObject({ on: day, do: z.literal("look") }),
]);

const invoice = z.object({
  on: day,
  kind: z.enum(["period", "change"]),
  lines: z.array(
    z.object({ kind: z.enum(["plan", "add-on", "unused", "discount"]), won: z.int() }),
  ),
  totalWon: won,
  creditUsedWon: won,
  creditGrantedWon: won,
  forgivenWon: won,
  topUpWon: won,
  dueWon: won,
});

const outcome = z.object({
  status: z.string(),
  invoices: z.array(invoice),
  grantedCreditWon: won,
  paidCreditWon: won,
  nextChargeOn: day.nullish(),
  refunds: z.array(z.object({ on: day, refundWon: won })).default([]),
});

const played = z.strictObject({
  name: z.string(),
  startsOn: day,
  interval,
  unitWon: won,
  quantity: z.int().min(1).default(1),
  coupon: z
    .union([
      z.strictObject({ percent: z.int().min(1).max(100), cycles: z.int() }),
      z.strictObject({ won, cycles: z.int() }),
    ])
    .optional(),
  grantedCreditWon: won.default(parseWon(0)),
  steps: z.array(step),
  // biome-ignore lint/suspicious/noThenProperty: the word of the form
  then: outcome,
});

export const contractCase = played.superRefine(({ startsOn, steps }, context) => {
  let before = startsOn;
  for (const [at, { on }] of steps.entries()) {
    if (on < before)
      context.addIssue({ code: "custom", path: ["steps", at, "on"], message: `before ${before}` });
    before = on;
  }
});
export const contractCases = z.array(contractCase);
export type ContractCase = z.infer<typeof contractCase>;
export type Step = ContractCase["steps"][number];
export type Outcome = z.infer<typeof outcome>;
