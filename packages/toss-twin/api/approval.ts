import { type Effect, type ScenarioKey, scenarios } from "@/packages/toss-twin/faults/scenarios";
import type { World } from "@/packages/toss-twin/world";
import { type ErrorCode, TossError } from "./errors";

/** What is added to the amount when a fault or a card makes Toss approve another sum than was asked. */
const wrongAmountWon = 1_000;

/** Whether a code is the word of a card or of its bank, and not of Toss about the call. */
export function isRefusalOfCard(code: ErrorCode): boolean {
  return /^REJECT_|^INVALID_(STOPPED|REJECT|CARD)|^EXCEED_MAX_|^NOT_AVAILABLE_/.test(code);
}

/** Lets a slow card take its time. State must be read after this, since other calls run meanwhile. */
export async function waitForCard(world: World, scenario: ScenarioKey): Promise<void> {
  if (scenario === "slow") await world.wait(world.settings.slowMs);
}

type AskedCard = {
  readonly scenario: ScenarioKey;
  /** How often it was asked before. */
  readonly attempts: number;
  /** What it says when the balance is too small. */
  readonly refusal?: "REJECT_CARD_PAYMENT" | "REJECT_ACCOUNT_PAYMENT";
};

/**
 * Asks the card for an approval: the sum it approves and what then happens to the answer.
 * Throws the refusal of a card that declines.
 */
export function askCard(
  { scenario, attempts, refusal = "REJECT_CARD_PAYMENT" }: AskedCard,
  amount: number,
  fault: Effect | null,
): { approvedAmount: number; effect: Effect | null } {
  if (fault?.kind === "decline") throw new TossError(fault.code);
  if (fault?.kind === "card-expired") throw new TossError("INVALID_CARD_EXPIRATION");
  const verdict = scenarios[scenario].onApproval(attempts);
  const effect = verdict === "approve" || verdict === "slow" ? null : verdict;
  if (effect?.kind === "decline") {
    throw new TossError(effect.code === "REJECT_CARD_PAYMENT" ? refusal : effect.code);
  }
  if (effect?.kind === "500-not-executed") {
    throw new TossError("FAILED_INTERNAL_SYSTEM_PROCESSING");
  }
  const isWrong = effect?.kind === "wrong-amount" || fault?.kind === "wrong-amount";
  return { approvedAmount: isWrong ? amount + wrongAmountWon : amount, effect };
}
