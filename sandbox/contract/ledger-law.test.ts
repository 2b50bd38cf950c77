/**
 * The books of every worked example and of random lives: what the rules did, posted fact by fact. The balances must say
 * what the rules say of credit and money, and what a count day by day says of used and unused days.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CalendarDate, daysBetween } from "@/lib/billing/calendar";
import {
  chargeApproved,
  contractLeft,
  creditGranted,
  invoiceOpened,
  invoicePaid,
  LEDGER_ACCOUNTS,
  type LedgerAccount,
  type Posting,
  paidCreditReturned,
  refundDone,
} from "@/lib/billing/ledger/ledger";
import { splitVat, type Won } from "@/lib/billing/money";
import { sumPostings, worthInBooks } from "@/lib/testing/ledger";
import { contractCases } from "./case";
import examples from "./examples.json";
import { anyLife, live, sum, wonOfDay } from "./lives";
import { begin, type Life, type Played, passTo, take } from "./play";

fc.configureGlobal({ seed: 20_270_331 });

type Balances = Readonly<Record<LedgerAccount, number>>;

/** All that was booked of a life, oldest first. */
function journalsOf(
  { orders, refunds, left }: Played,
  life: Life,
): readonly (readonly Posting[])[] {
  const paid = orders
    .toReversed()
    .flatMap(({ order }) => [
      invoiceOpened(order.due),
      order.due.dueWon > 0 ? chargeApproved(splitOf(order.due.dueWon)) : [],
      invoicePaid(order),
    ]);
  const ended =
    left === null
      ? []
      : left.quote === null
        ? paidCreditReturned(left.credit.paidWon)
        : contractLeft(left.quote, left.credit);
  const back = refunds.map(({ refundWon }) => refundDone(splitOf(refundWon)));
  return [creditGranted(life.grantedCreditWon), ...paid, ended, ...back];
}

function splitOf(amountWon: Won) {
  return { amountWon, ...splitVat(amountWon) };
}

/** What each account holds once all of it is booked. */
function balancesOf(played: Played, life: Life): Balances {
  const journals = journalsOf(played, life);
  for (const journal of journals) expect(sum(journal.map(({ amountWon }) => amountWon))).toBe(0);
  const sums = sumPostings(journals.flat());
  const all = LEDGER_ACCOUNTS.map((account) => [account, sums[account] ?? 0] as const);
  return Object.fromEntries(all) as Balances;
}

/** What an account sees as its own stands on the credit side. */
const owned = (balances: Balances, account: LedgerAccount) => 0 - balances[account];

const cases = contractCases.parse(examples);

describe("the books of every worked example", () => {
  test.each(cases.map((contractCase) => [contractCase.name, contractCase] as const))(
    "%s",
    (_, { then, steps, ...start }) => {
      let played = passTo(begin(start), start.startsOn);
      for (const step of steps) played = take(passTo(played, step.on), step);
      const balances = balancesOf(played, { ...start, steps });
      expect(owned(balances, "credit-granted")).toBe(then.grantedCreditWon);
      expect(owned(balances, "credit-paid")).toBe(then.paidCreditWon);
      expect([balances.receivable, balances.unearned]).toEqual([0, 0]);
      const moneyIn = sum(then.invoices.map(({ dueWon }) => dueWon));
      const moneyBack = sum(then.refunds.map(({ refundWon }) => refundWon));
      expect(balances["pg-clearing"]).toBe(moneyIn - moneyBack);
      expect(balances.promotion).toBe(start.grantedCreditWon);
      expect(balances.forgiven).toBe(
        sum(then.invoices.map(({ forgivenWon }) => forgivenWon)) - forgivenAndWithdrawn(played),
      );
    },
  );
});

function forgivenAndWithdrawn({ left }: Played): number {
  return sum((left?.quote?.withdrawn ?? []).map(({ due }) => due.forgivenWon));
}

test("money in + granted = money back + used + unused + penalties + credit, every evening, in the balances", () => {
  let evenings = 0;
  fc.assert(
    fc.property(anyLife, fc.integer({ min: 0, max: 40 }), (life, daysMore) => {
      let used = 0;
      live(life, { daysMore }, (played, today) => {
        const balances = balancesOf(played, life);
        if (played.contract.pausedOn === null)
          used += sum(played.contract.segments.map((segment) => wonOfDay(segment, today)));
        const unused = sum(
          played.contract.segments.map(
            (segment) => segment.valueWon - usedOf(segment, played, today),
          ),
        );
        expect(worthInBooks(balances)).toBe(used + unused);
        expect(balances["pg-clearing"] + balances.promotion).toBe(
          used + unused + owned(balances, "credit-granted") + owned(balances, "credit-paid"),
        );
        evenings += 1;
      });
    }),
    { numRuns: 60 },
  );
  expect(evenings).toBeGreaterThan(2_000);
});

/** What its days came to until this evening. In a pause none is used, and the segment is the rest. */
function usedOf(
  segment: Played["contract"]["segments"][number],
  { contract }: Played,
  today: CalendarDate,
): number {
  const passed = contract.pausedOn === null ? daysBetween(segment.startsOn, today) + 1 : 0;
  return Math.floor(
    (segment.valueWon * Math.min(Math.max(passed, 0), segment.days)) / (segment.days || 1),
  );
}

test("after leaving, the books hold what was used, the penalty, and gifts; no money of the customer", () => {
  const percents = fc.integer({ min: 0, max: 10 });
  fc.assert(
    fc.property(
      anyLife,
      fc.integer({ min: 0, max: 40 }),
      percents,
      (life, daysMore, penaltyPercent) => {
        let used = 0;
        const played = live(life, { daysMore, penaltyPercent }, ({ contract }, today) => {
          if (contract.pausedOn === null)
            used += sum(contract.segments.map((segment) => wonOfDay(segment, today)));
        });
        const balances = balancesOf(played, life);
        expect(worthInBooks(balances)).toBe(used);
        expect(owned(balances, "penalty")).toBe(played.left?.quote?.penaltyWon);
        expect(owned(balances, "credit-paid")).toBe(0);
        expect(owned(balances, "credit-granted")).toBe(played.credit.grantedWon);
      },
    ),
    { numRuns: 100 },
  );
});
