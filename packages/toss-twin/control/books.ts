import type { z } from "zod";
import { registerCard, removeBillingKey } from "@/packages/toss-twin/api/billing";
import { TossError } from "@/packages/toss-twin/api/errors";
import { deposit, reportDepositError } from "@/packages/toss-twin/api/virtual-accounts";
import { billingKeyId } from "@/packages/toss-twin/ids";
import type { BillingRecord, PaymentRecord } from "@/packages/toss-twin/store/records";
import {
  authorizeBilling,
  authorizePayment,
  createReadyPayment,
} from "@/packages/toss-twin/window/windows";
import type { Merchant, World } from "@/packages/toss-twin/world";
import type {
  AuthorizeBilling,
  AuthorizePayment,
  BulkIssue,
  ChangeCard,
  DeleteBillingKey,
  DepositInto,
} from "./schemas";

export function issueAuthKey(
  world: World,
  asked: z.infer<typeof AuthorizeBilling>,
): { authKey: string } {
  const { mId } = findMerchant(world, asked.mId);
  return { authKey: authorizeBilling(world, mId, asked) };
}

export function authorizeOrder(
  world: World,
  asked: z.infer<typeof AuthorizePayment>,
): { paymentKey: string; orderId: string; amount: number } {
  const { amount, orderId } = asked;
  const ready = createReadyPayment(world, findMerchant(world, asked.mId), {
    ...asked,
    ...{ taxExemptionAmount: 0, useEscrow: false, account: null },
    customerKey: null,
    metadata: null,
  });
  const { paymentKey } = authorizePayment(world, ready, asked);
  return { paymentKey, orderId, amount };
}

export function issueInBulk(
  world: World,
  { count, customerKeys, scenario, mId }: z.infer<typeof BulkIssue>,
): { billingKeys: { customerKey: string; billingKey: string }[] } {
  const merchant = findMerchant(world, mId);
  const customers = customerKeys ?? Array.from({ length: count ?? 0 }, () => crypto.randomUUID());
  return {
    billingKeys: customers.map((customerKey) => {
      const { billingKey } = registerCard(world, merchant, { customerKey, scenario });
      return { customerKey, billingKey };
    }),
  };
}

export function deleteKeys(
  world: World,
  asked: z.infer<typeof DeleteBillingKey>,
): { deleted: number } {
  const found = findKeys(world, asked);
  for (const billing of found) removeBillingKey(world, billing);
  return { deleted: found.length };
}

/** The card starts over as another one: what it did so far does not count. */
export function changeCards(world: World, asked: z.infer<typeof ChangeCard>): { changed: number } {
  const found = findKeys(world, asked);
  const { scenario } = asked;
  for (const billing of found) world.store.saveBilling({ ...billing, scenario, attempts: 0 });
  return { changed: found.length };
}

export function depositInto(
  world: World,
  asked: z.infer<typeof DepositInto>,
): { orderId: string; status: string } {
  const { orderId, status } = deposit(world, findWaiting(world, asked));
  return { orderId, status };
}

export function takeBackDeposit(
  world: World,
  asked: z.infer<typeof DepositInto>,
): { orderId: string; status: string } {
  const { orderId, status } = reportDepositError(world, findWaiting(world, asked));
  return { orderId, status };
}

/** The named merchant, else the first one. */
export function findMerchant(world: World, mId: string | undefined): Merchant {
  const merchant = world.merchants.find((candidate) => mId === undefined || candidate.mId === mId);
  if (!merchant) throw new TossError("NOT_FOUND_MERCHANT");
  return merchant;
}

function findKeys(world: World, asked: z.infer<typeof DeleteBillingKey>): BillingRecord[] {
  const found = [...world.store.billings.values()].filter((billing) => {
    if (billing.removedAt !== null) return false;
    if ("billingKey" in asked) return billing.billingKey === asked.billingKey;
    if ("id" in asked) return billingKeyId(billing.billingKey) === asked.id;
    return billing.customerKey === asked.customerKey;
  });
  if (found.length === 0) throw new TossError("NOT_FOUND_BILLING");
  return found;
}

function findWaiting(world: World, asked: z.infer<typeof DepositInto>): PaymentRecord {
  const payment =
    "paymentKey" in asked
      ? world.store.payments.get(asked.paymentKey)
      : world.store.findPaymentByOrder(findMerchant(world, asked.mId).mId, asked.orderId);
  if (!payment) throw new TossError("NOT_FOUND_PAYMENT");
  return payment;
}
