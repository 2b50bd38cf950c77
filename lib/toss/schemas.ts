/** The parts of Toss's objects that we read. Unknown fields, new enum values and missing optional fields pass. */
import { z } from "zod";

const nullableText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const wholeWon = z.int().min(0);

const Cancel = z.object({
  cancelAmount: z.number(),
  cancelReason: z.string().default(""),
  canceledAt: z.string(),
  transactionKey: z.string(),
});

export const Payment = z.object({
  version: nullableText,
  paymentKey: z.string().min(1),
  orderId: z.string().min(1),
  status: z.string(),
  currency: z.string().default("KRW"),
  totalAmount: z.number(),
  balanceAmount: wholeWon,
  suppliedAmount: wholeWon,
  vat: wholeWon,
  taxFreeAmount: wholeWon.catch(0),
  taxExemptionAmount: wholeWon.catch(0),
  approvedAt: nullableText,
  receipt: z.object({ url: z.string() }).nullish(),
  cancels: z.array(Cancel).nullish(),
  failure: z.object({ code: z.string() }).nullish(),
  secret: nullableText,
});
export type Payment = z.infer<typeof Payment>;

/** Before API version 2024-06-01 the masked number also stood in `cardNumber`. */
export const Billing = z.object({
  customerKey: z.string(),
  billingKey: z.string().min(1),
  cardNumber: nullableText,
  card: z
    .object({
      issuerCode: nullableText,
      number: nullableText,
      cardType: nullableText,
      ownerType: nullableText,
    })
    .nullish(),
});

export const ErrorBody = z.object({ code: z.string(), message: z.string().default("") });

/** One row for each approval and each cancel, a cancel's amount with or without a minus sign. */
export const Transactions = z.array(
  z.object({
    transactionKey: z.string().min(1),
    paymentKey: z.string().min(1),
    orderId: z.string().min(1),
    status: z.string(),
    transactionAt: z.string(),
    amount: z.int(),
  }),
);
