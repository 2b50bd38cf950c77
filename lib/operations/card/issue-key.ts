/**
 * Makes a billing key of a stored registration. The call carries the registration's own idempotency key, so after a
 * crash the same call brings the same billing key back, and none is lost.
 */

import { findPaymentMethodOfRegistration, insertPaymentMethod } from "@/db/card";
import {
  finishRegistration,
  lockRegistration,
  postponeRegistration,
  takeRegistration,
} from "@/db/card-registration";
import { type Tx, transaction } from "@/db/client";
import type { Decline } from "@/lib/billing/charge/decline";
import { leaseFrom } from "@/lib/billing/lease";
import type { IssueOutcome } from "@/lib/gateway/gateway";
import { inTransaction, JOB, type Work } from "@/lib/operations/work";
import type { Deps } from "@/lib/runtime/deps";
import { log } from "@/lib/runtime/log";

export type RegistrationState =
  | { readonly kind: "issued"; readonly paymentMethodId: string }
  | { readonly kind: "failed"; readonly code: string }
  /** Another worker is at it, or the outcome is open and will be asked for again. */
  | { readonly kind: "pending" };

/**
 * After this many tries without an outcome, or cut short by a fault of ours, the window has to be opened again: Toss
 * forgets auth keys.
 */
const MAX_TRIES = 8;
const RETRY_MS = 30_000;

type OnStored = (work: Work, paymentMethodId: string) => Promise<void>;

/** `onStored` runs in the transaction that stores the key: a card is never stored without what it was registered for. */
export async function issueBillingKey(
  deps: Deps,
  registrationId: string,
  onStored: OnStored = async () => undefined,
): Promise<RegistrationState> {
  const taken = await inTransaction(deps, JOB, ({ tx, now }) =>
    takeRegistration(tx, registrationId, leaseFrom(now)),
  );
  if (taken) {
    const { registration, customerKey } = taken;
    if (registration.tries > maxTries(deps)) {
      await inTransaction(deps, JOB, ({ tx }) => failRegistration(tx, registrationId));
      return awaitState(registrationId);
    }
    if (registration.authKeyCiphertext === null)
      throw new Error(`Registration ${registrationId} has lost its auth key`);
    const authKey = deps.vault.open(registration.authKeyCiphertext, registrationId);
    const outcome = await deps.gateway.issueBillingKey(
      { authKey, customerKey },
      registration.idempotencyKey,
    );
    await recordIssue(deps, { registrationId, outcome, onStored });
  }
  return awaitState(registrationId);
}

async function recordIssue(
  deps: Deps,
  {
    registrationId,
    outcome,
    onStored,
  }: { registrationId: string; outcome: IssueOutcome; onStored: OnStored },
): Promise<void> {
  await inTransaction(deps, JOB, async (work) => {
    const { tx, now } = work;
    const registration = await lockRegistration(tx, registrationId);
    if (registration.status !== "pending") return;
    switch (outcome.kind) {
      case "issued": {
        const id = work.newId("paymentMethod");
        const { unusable } = outcome;
        await insertPaymentMethod(tx, {
          id,
          accountId: registration.accountId,
          registrationId,
          provider: deps.gateway.provider,
          billingKeyCiphertext: deps.vault.seal(outcome.billingKey, id),
          billingKeyFingerprint: deps.vault.fingerprint(outcome.billingKey),
          ...outcome.card,
          createdAt: now,
          ...(unusable && { deleteAt: now }),
        });
        await finishRegistration(
          tx,
          registrationId,
          unusable ? failedBy(unusable) : { status: "issued" },
        );
        const details = unusable ? { failure: unusable.code } : { paymentMethodId: id };
        await auditCard(work, registration, details);
        return unusable ? undefined : onStored(work, id);
      }
      case "refused":
        if (outcome.remedy === "config")
          log("error", "toss.config-fault", { code: outcome.code, registrationId });
        await auditCard(work, registration, { failure: outcome.code });
        return finishRegistration(tx, registrationId, failedBy(outcome));
      case "unknown":
        if (registration.tries >= maxTries(deps)) return failRegistration(tx, registrationId);
        return postponeRegistration(
          tx,
          registrationId,
          new Date(now.getTime() + RETRY_MS * registration.tries),
        );
      default:
        return outcome satisfies never;
    }
  });
}

/** A provider that answers no request twice is asked once: the key that it made would not come back. */
function maxTries(deps: Deps): number {
  return deps.gateway.capabilities.idempotentReplay ? MAX_TRIES : 1;
}

function auditCard(
  work: Work,
  { id, accountId }: { readonly id: string; readonly accountId: string },
  details: { readonly paymentMethodId: string } | { readonly failure: string },
): Promise<void> {
  const action = "failure" in details ? "card.refused" : "card.issued";
  return work.audit({ action, subjectId: accountId, details: { registrationId: id, ...details } });
}

function failRegistration(tx: Tx, registrationId: string): Promise<void> {
  const noAnswer = failedBy({ code: "NO_ANSWER", reason: "unknown" });
  return finishRegistration(tx, registrationId, noAnswer);
}

function failedBy({ code, reason }: Decline) {
  return { status: "failed", failureCode: code, failureReason: reason } as const;
}

/** Waits for whoever holds the registration, and answers what became of it. */
async function awaitState(registrationId: string): Promise<RegistrationState> {
  return transaction(async (tx) => {
    const registration = await lockRegistration(tx, registrationId);
    if (registration.status === "pending") return { kind: "pending" };
    if (registration.status === "failed")
      return { kind: "failed", code: registration.failureCode ?? "UNKNOWN" };
    const method = await findPaymentMethodOfRegistration(tx, registrationId);
    if (!method) throw new Error(`Registration ${registrationId} is issued without a card`);
    return { kind: "issued", paymentMethodId: method.id };
  });
}
