/** The customers of a year and their operator: each act is the operation that a page of the app would call. */

import { randomUUID } from "node:crypto";
import { transaction } from "@/db/client";
import { nextSubscriptionActionAt } from "@/db/subscription";
import { insertUser } from "@/db/user";
import { addDays, type CalendarDate, seoulDayOf } from "@/lib/billing/calendar";
import { parseWon } from "@/lib/billing/money";
import { acceptCard } from "@/lib/operations/card/accept";
import { replaceCard } from "@/lib/operations/card/replace";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { completeCheckout } from "@/lib/operations/checkout/complete";
import { createCheckout } from "@/lib/operations/checkout/create";
import { giveConsent } from "@/lib/operations/consent/give";
import { grantCredit } from "@/lib/operations/credit/grant";
import { refundCharge } from "@/lib/operations/refund/send";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { COMMAND, JOB, member } from "@/lib/operations/work";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import { admitCrowd, type Person } from "./crowd";
import { type Life, lifeOf } from "./lives";
import type { YearWorld } from "./world";

type Act = () => Promise<void>;

/** After so many days of a trial of 14 people make up their minds. */
const CONSENT_AFTER_DAYS = 10;
/** Of those who come late, one in so many orders, agrees, registers a card and comes back, each by its own operation. */
const STEPS_EVERY = 5;
/** So many people act at a time, as they would in a shop that is busy. */
const AT_ONCE = 8;

export class People {
  /** Names of the requests by which the operator sent money back. */
  readonly refundRequests = new Set<string>();
  private readonly world: YearWorld;
  private readonly seed: number;
  private readonly crowds = new Map<CalendarDate, number[]>();
  private readonly agenda = new Map<CalendarDate, Map<number, Act[]>>();
  private count = 0;
  private gifts = 0;

  constructor(world: YearWorld, seed: number) {
    this.world = world;
    this.seed = seed;
  }

  /** A customer who was never here before joins on that day: in the crowd of the first month, or after it. */
  expect(day: CalendarDate, isLate: boolean): void {
    const nth = this.count;
    this.count += 1;
    const takesEachStep = isLate && nth % STEPS_EVERY === 0;
    if (!takesEachStep) this.crowds.set(day, [...(this.crowds.get(day) ?? []), nth]);
    else this.plan(nth, day, () => this.join(nth, day, lifeOf(this.seed, nth)));
  }

  /** The first day on which somebody means to do something; null when nobody does. */
  nextDay(): CalendarDate | null {
    return firstOf([...this.agenda.keys(), ...this.crowds.keys()]);
  }

  /** All that is planned until that day and with it; one person's acts follow each other. */
  async act(until: CalendarDate): Promise<void> {
    for (let day = this.nextDay(); day !== null && day <= until; day = this.nextDay()) {
      await this.admit(day);
      const people = [...(this.agenda.get(day)?.values() ?? [])].values();
      this.agenda.delete(day);
      const one = async () => {
        for (const acts of people) for (const act of acts) await act();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
    }
  }

  private async admit(day: CalendarDate): Promise<void> {
    const wanted = (this.crowds.get(day) ?? []).map((nth) => ({
      nth,
      life: lifeOf(this.seed, nth),
    }));
    this.crowds.delete(day);
    if (wanted.length === 0) return;
    const people = await admitCrowd(this.world, wanted);
    for (const [at, person] of people.entries()) {
      const member = wanted[at];
      if (member) this.planLife(member, person, day);
    }
  }

  private plan(nth: number, day: CalendarDate, act: Act): void {
    const people = this.agenda.get(day) ?? new Map<number, Act[]>();
    people.set(nth, [...(people.get(nth) ?? []), act]);
    this.agenda.set(day, people);
  }

  private async join(nth: number, day: CalendarDate, life: Life): Promise<void> {
    const person = await this.signUp(nth);
    await this.subscribe(person, life);
    this.planLife({ nth, life }, person, day);
  }

  private planLife(
    { nth, life }: { readonly nth: number; readonly life: Life },
    person: Person,
    day: CalendarDate,
  ): void {
    const on = (afterDays: number, act: Act) => this.plan(nth, addDays(day, afterDays), act);
    const { cancels, trouble, refund } = life;
    if (life.consents && life.priceId.startsWith("premium"))
      on(CONSENT_AFTER_DAYS, () => this.consent(person));
    if (cancels) {
      on(cancels.afterDays, () => this.order(cancelSubscription, person));
      if (cancels.thinksBetter) on(cancels.afterDays + 1, () => this.order(undoCancel, person));
    }
    if (trouble) on(trouble.afterDays, () => this.fallIntoTrouble(nth, person, trouble));
    if (refund) on(refund.afterDays, () => this.refund(person, refund.share));
    for (const { afterDays, amountWon } of life.gifts)
      on(afterDays, () => this.gift(person, amountWon));
  }

  private async signUp(nth: number): Promise<Person> {
    const { deps, now } = this.world;
    const userId = deps.newId("user");
    const person: Person = {
      userId,
      actor: member(userId),
      accountId: deps.newId("account"),
      customerKey: randomUUID(),
    };
    const { userId: id, accountId, customerKey } = person;
    const user = { id, email: `customer-${nth + 1}@example.com`, name: `김구독 ${nth + 1}` };
    await transaction((tx) =>
      insertUser(
        tx,
        { ...user, passwordHash: null, createdAt: now() },
        { id: accountId, customerKey },
      ),
    );
    return person;
  }

  private async subscribe(person: Person, { priceId, card }: Life): Promise<void> {
    const { deps } = this.world;
    const created = await createCheckout(deps, { ...person, priceId });
    if (!created.ok) throw new Error(`No checkout: ${created.refusal.code}`);
    const { checkoutId } = created.value;
    await agreeToCheckout(deps, { ...person, checkoutId, termsVersion: "year" });
    await this.returnFromWindow(person, checkoutId, card);
    await completeCheckout(deps, checkoutId);
    // Declined, they press the button again.
    if (card === "declined-once") await completeCheckout(deps, checkoutId, { retryCard: true });
  }

  private async returnFromWindow(
    person: Person,
    checkoutId: string | null,
    scenario: ScenarioKey,
  ): Promise<string> {
    const { deps, toss } = this.world;
    const { customerKey } = person;
    const { authKey } = await toss.authorizeBilling({ customerKey, scenario });
    const accepted = await acceptCard(deps, {
      customer: person,
      checkoutId,
      authKey,
      customerKey,
    });
    if (!accepted.ok) throw new Error(`Card not accepted: ${accepted.refusal.code}`);
    return accepted.value.registrationId;
  }

  private async consent(person: Person): Promise<void> {
    const proof = { textVersion: "year", ip: null, userAgent: null };
    await this.order((deps, order) => giveConsent(deps, { ...order, ...proof }), person);
  }

  /** An order about their running subscription; without one there is nothing to order, and a refusal is an answer. */
  private async order(
    operation: (
      deps: YearWorld["deps"],
      order: Person & { subscriptionId: string },
    ) => Promise<unknown>,
    person: Person,
  ): Promise<void> {
    const [live] = await this.world.sql<{ id: string }[]>`
      select id from subscriptions where account_id = ${person.accountId} and status <> 'ended'`;
    if (live) await operation(this.world.deps, { ...person, subscriptionId: live.id });
  }

  private async fallIntoTrouble(
    nth: number,
    person: Person,
    trouble: NonNullable<Life["trouble"]>,
  ): Promise<void> {
    const { toss, now } = this.world;
    const { customerKey, accountId } = person;
    const failsAt = await nextSubscriptionActionAt(now(), accountId);
    if (failsAt === null) return;
    await toss.changeCard({ customerKey, scenario: trouble.card });
    if (trouble.cure === "none") return;
    this.plan(nth, addDays(seoulDayOf(failsAt), trouble.curedAfterDays), async () => {
      if ((await nextSubscriptionActionAt(now(), accountId)) === null) return;
      if (trouble.cure === "money") await toss.changeCard({ customerKey, scenario: "normal" });
      else await this.replaceCard(person);
    });
  }

  private async replaceCard(person: Person): Promise<void> {
    const registrationId = await this.returnFromWindow(person, null, "normal");
    await replaceCard(this.world.deps, registrationId);
  }

  /** The operator gives them credit, also to somebody who has left: it waits for their next contract. */
  private async gift({ accountId }: Person, amountWon: number): Promise<void> {
    this.gifts += 1;
    const requestId = `year-gift-${this.gifts}`;
    const who = { requestId, actor: COMMAND, grantedBy: "year" };
    await grantCredit(this.world.deps, { accountId, amountWon, reason: "사과의 뜻", ...who });
  }

  private async refund(person: Person, share: number): Promise<void> {
    const [paid] = await this.world.sql<{ id: string; left: number }[]>`
      select id, (amount_won - refunded_won)::int as left from charges
      where account_id = ${person.accountId} and status = 'approved'
      order by created_at desc limit 1`;
    if (!paid || paid.left === 0) return;
    const requestId = `year-${paid.id}`;
    this.refundRequests.add(requestId);
    await refundCharge(this.world.deps, {
      chargeId: paid.id,
      amountWon: parseWon(Math.max(1, Math.floor(paid.left * share))),
      reason: "고객 요청",
      requestId,
      actor: JOB,
    });
  }
}

export function firstOf(days: readonly CalendarDate[]): CalendarDate | null {
  return days.toSorted(compareDays)[0] ?? null;
}

function compareDays(one: CalendarDate, other: CalendarDate): number {
  return one < other ? -1 : 1;
}
