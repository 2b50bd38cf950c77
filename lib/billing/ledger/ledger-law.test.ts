/**
 * Whatever happens to an account: every journal sums to 0, and the balances say that money in + granted credit = money
 * back + what was supplied + penalties + credit.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Credit, type Due, dueOf } from "@/lib/billing/invoice/due";
import { splitVat } from "@/lib/billing/money";
import { won } from "@/lib/testing/billing";
import { walletOf } from "@/lib/testing/contract";
import { sumPostings, worthInBooks } from "@/lib/testing/ledger";
import {
  chargeApproved,
  contractLeft,
  creditGranted,
  giftGivenUp,
  invoiceClosedUnpaid,
  invoiceOpened,
  invoicePaid,
  type Posting,
  paidCreditReturned,
  refundDone,
} from "./ledger";

type Fact =
  | { readonly do: "grant" | "give-up" | "refund"; readonly won: number }
  | { readonly do: "open"; readonly kind: "period" | "change" | "once"; readonly sum: number }
  | { readonly do: "pay"; readonly oddWon: number }
  | { readonly do: "close-unpaid" | "return-credit" }
  | { readonly do: "leave"; readonly penaltyWon: number; readonly giftWon: number };

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    do: fc.constantFrom("grant", "give-up", "refund"),
    won: fc.integer({ min: 1, max: 60_000 }),
  }),
  fc.record({
    do: fc.constant("open"),
    kind: fc.constantFrom("period", "change", "once"),
    sum: fc.oneof(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: -150, max: 150 })),
  }),
  fc.record({ do: fc.constant("pay"), oddWon: fc.integer({ min: -1, max: 1 }) }),
  fc.record({ do: fc.constantFrom("close-unpaid", "return-credit") }),
  fc.record({
    do: fc.constant("leave"),
    penaltyWon: fc.integer({ min: 0, max: 3_000 }),
    giftWon: fc.integer({ min: 0, max: 9_000 }),
  }),
);

/** What happened, counted without the ledger. */
type Life = {
  readonly journals: readonly (readonly Posting[])[];
  readonly open: readonly Due[];
  readonly credit: Credit;
  readonly inWon: number;
  readonly backWon: number;
  readonly grantedWon: number;
  /** What was supplied; what is to go back, too, until its refund is done. */
  readonly worthWon: number;
  readonly penaltiesWon: number;
};

const nothing: Life = {
  journals: [],
  open: [],
  credit: walletOf().credit,
  inWon: 0,
  backWon: 0,
  grantedWon: 0,
  worthWon: 0,
  penaltiesWon: 0,
};

/** What cannot happen as the account stands does nothing. */
function happen(life: Life, fact: Fact): Life {
  const { credit, open } = life;
  switch (fact.do) {
    case "grant":
      return {
        ...moved(life, creditGranted(won(fact.won)), { grantedWon: fact.won }),
        grantedWon: life.grantedWon + fact.won,
      };
    case "give-up": {
      const given = won(Math.min(fact.won, credit.grantedWon));
      return {
        ...moved(life, giftGivenUp(given), { grantedWon: -given }),
        grantedWon: life.grantedWon - given,
      };
    }
    case "refund": {
      const back = won(Math.min(fact.won, life.inWon - life.backWon));
      const next = moved(life, refundDone({ amountWon: back, ...splitVat(back) }));
      return { ...next, backWon: life.backWon + back, worthWon: life.worthWon - back };
    }
    case "open": {
      const due = dueOf(fact.kind, fact.sum, { credit, minimumWon: won(100) });
      const { grantedWon, paidWon } = due.used;
      const next = moved(life, invoiceOpened(due), {
        grantedWon: -grantedWon,
        paidWon: -paidWon,
      });
      return due.dueWon === 0 ? paid(next, due) : { ...next, open: [...open, due] };
    }
    case "pay": {
      const [due, ...others] = open;
      return due ? paid({ ...life, open: others }, due, fact.oddWon) : life;
    }
    case "close-unpaid": {
      const due = open.at(-1);
      if (!due) return life;
      return {
        ...moved(life, invoiceClosedUnpaid(due), due.used),
        open: open.slice(0, -1),
      };
    }
    case "return-credit": {
      const { paidWon } = credit;
      const next = moved(life, paidCreditReturned(paidWon), { paidWon: -paidWon });
      return { ...next, worthWon: life.worthWon + paidWon };
    }
    case "leave": {
      const { giftWon, penaltyWon } = fact;
      const quote = {
        penaltyWon: won(penaltyWon),
        grantedCreditWon: won(credit.grantedWon + giftWon),
        withdrawn: [],
      };
      return {
        ...moved(life, contractLeft(quote, credit), {
          grantedWon: giftWon,
          paidWon: -credit.paidWon,
        }),
        worthWon: life.worthWon + credit.paidWon - giftWon - penaltyWon,
        penaltiesWon: life.penaltiesWon + penaltyWon,
      };
    }
    default:
      return fact satisfies never;
  }
}

/** Adds a journal, and what it makes of the account's credit. */
function moved(
  life: Life,
  journal: readonly Posting[],
  { grantedWon = 0, paidWon = 0 }: Partial<Record<keyof Credit, number>> = {},
): Life {
  const credit = {
    grantedWon: won(life.credit.grantedWon + grantedWon),
    paidWon: won(life.credit.paidWon + paidWon),
  };
  return { ...life, journals: [...life.journals, journal], credit };
}

/** An opened invoice is paid, by a charge whose VAT may be a won off. */
function paid(life: Life, due: Due, oddWon = 0): Life {
  const { dueWon: amountWon } = due;
  const { vatWon } = splitVat(amountWon);
  const odd = {
    amountWon,
    suppliedWon: won(amountWon - vatWon - oddWon),
    vatWon: won(vatWon + oddWon),
  };
  const charged = amountWon > 0 ? moved(life, chargeApproved(odd)) : life;
  const journal = invoicePaid({ due, giftLeftWon: won(0) });
  const next = moved(charged, journal, { paidWon: due.creditGrantedWon + due.topUpWon });
  return {
    ...next,
    inWon: life.inWon + amountWon,
    worthWon: life.worthWon + due.totalWon - due.creditGrantedWon - due.forgivenWon,
  };
}

test("money in + granted credit = money back + worth + penalties + credit, to the won", () => {
  let payments = 0;
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 60, size: "max" }), (facts) => {
      const life = facts.reduce(happen, nothing);
      const { credit, open } = life;
      for (const journal of life.journals)
        expect(journal.reduce((sum, { amountWon }) => sum + amountWon, 0)).toBe(0);
      const during = sumPostings(life.journals.flat());
      expect(during.receivable ?? 0).toBe(open.reduce((sum, { dueWon }) => sum + dueWon, 0));
      expect(0 - (during["credit-granted"] ?? 0)).toBe(credit.grantedWon);
      expect(0 - (during["credit-paid"] ?? 0)).toBe(credit.paidWon);

      const settled = open.reduce((all) => happen(all, { do: "pay", oddWon: 0 }), life);
      const after = sumPostings(settled.journals.flat());
      const { inWon, backWon, grantedWon, worthWon, penaltiesWon } = settled;
      expect([after.receivable ?? 0, after.unearned ?? 0]).toEqual([0, 0]);
      expect(after["pg-clearing"] ?? 0).toBe(inWon - backWon);
      expect(after.promotion ?? 0).toBe(grantedWon);
      expect(0 - (after.penalty ?? 0)).toBe(penaltiesWon);
      expect(worthInBooks(after)).toBe(worthWon);
      const creditWon = settled.credit.grantedWon + settled.credit.paidWon;
      expect(inWon + grantedWon).toBe(backWon + worthWon + penaltiesWon + creditWon);
      payments += inWon > 0 ? 1 : 0;
    }),
    { seed: 27, numRuns: 400 },
  );
  expect(payments).toBeGreaterThan(200);
});
