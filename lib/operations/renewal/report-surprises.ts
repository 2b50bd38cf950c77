/**
 * A contract that would do something else than was expected of it is neither charged nor ended. It waits as a finding
 * until an operator has looked.
 */

import { insertRenewalFindings } from "@/db/renewal-finding";
import type { Expected } from "@/lib/billing/subscription/expectation";
import type { Subscription } from "@/lib/billing/subscription/subscription";
import type { Work } from "@/lib/operations/work";
import { log } from "@/lib/runtime/log";

export type Surprise = {
  readonly subscription: Subscription;
  readonly saved: Expected;
  readonly decided: Expected;
};

export async function reportSurprises(work: Work, surprises: readonly Surprise[]): Promise<void> {
  if (surprises.length === 0) return;
  const { tx, now } = work;
  const findings = surprises.map(({ subscription, saved, decided }) => ({
    id: work.newId("finding"),
    subscriptionId: subscription.id,
    foundAt: now,
    expects: saved.expects,
    expectedWon: saved.expectedWon,
    decides: decided.expects,
    decidedWon: decided.expectedWon,
  }));
  const reported = new Set(await insertRenewalFindings(tx, findings));
  for (const { id, foundAt: _, ...finding } of findings) {
    if (!reported.has(id)) continue;
    log("error", "renewal.not-as-expected", finding);
    await work.audit({
      action: "renewal.not-as-expected",
      subjectId: finding.subscriptionId,
      details: finding,
    });
  }
}
