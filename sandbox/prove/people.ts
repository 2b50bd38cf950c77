/** Customers: who they are, which card they hold out, and how their browsers behave while the world breaks. */
import { randomUUID } from "node:crypto";
import type { ScenarioKey } from "@/packages/toss-twin/faults/scenarios";
import type { ProveWorld } from "./world";

export type Person = {
  readonly userId: string;
  readonly accountId: string;
  readonly customerKey: string;
};

type Answer<T> = { ok: true; value: T } | { ok: false; refusal: { code: string } };

/** How far a browser gets before it is closed. */
export const STOPS = ["order", "agreement", "window", "returned", "end"] as const;
export type Stop = (typeof STOPS)[number];

export const PRICES = [
  ...(["basic-month-v1", "basic-month-v1", "basic-month-v1", "premium-month-v1"] as const),
  ...([
    "premium-month-v1",
    "enterprise-month-v1",
    "basic-quarter-v1",
    "premium-quarter-v1",
  ] as const),
  ...(["enterprise-quarter-v1", "basic-year-v1", "premium-year-v1"] as const),
] as const;
/** Of another product, which an account may hold beside the first. */
export const OTHER_PRICE = "archive-month-v1";

/** Mostly good cards, and each bad kind now and then. */
export const CARDS: readonly ScenarioKey[] = [
  ...Array<ScenarioKey>(12).fill("normal"),
  ...(["declined-once", "declined-once", "short-of-balance", "short-of-balance"] as const),
  ...(["stopped-card", "lost-card", "expired-card", "unknown-card-type", "slow"] as const),
  ...(["executes-then-hangs-up", "executes-then-hangs-up", "error-500-executed"] as const),
  ...(["error-500-not-executed", "provider-hiccup", "broken-answer", "wrong-amount"] as const),
];

export class People {
  readonly all: Person[] = [];
  /** Actions a customer began, and those that ended with an error page. */
  asked = 0;
  failed = 0;
  gifts = 0;
  /** Names of the requests by which the operator sent money back. */
  readonly refundRequests = new Set<string>();
  private readonly world: ProveWorld;
  private readonly random: () => number;
  private count = 0;

  constructor(world: ProveWorld, random: () => number) {
    this.world = world;
    this.random = random;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.random() * choices.length)];
    if (choice === undefined) throw new Error("Nothing to choose from");
    return choice;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  async invite(count: number): Promise<readonly Person[]> {
    const { sql } = this.world;
    const now = this.world.now();
    const guests = Array.from({ length: count }, (): Person => {
      this.count += 1;
      return {
        userId: `usr_${this.count}`,
        accountId: `cus_${this.count}`,
        customerKey: randomUUID(),
      };
    });
    const users = guests.map(({ userId }) => ({
      id: userId,
      email: `${userId}@example.com`,
      name: "김구독",
      created_at: now,
    }));
    const accounts = guests.map(({ accountId, customerKey }) => ({
      id: accountId,
      customer_key: customerKey,
      created_at: now,
    }));
    const members = guests.map(({ accountId, userId }) => ({
      account_id: accountId,
      user_id: userId,
      role: "owner",
      created_at: now,
    }));
    await sql.begin(async (tx) => {
      await tx`insert into users ${tx(users)}`;
      await tx`insert into accounts ${tx(accounts)}`;
      await tx`insert into account_members ${tx(members)}`;
    });
    this.all.push(...guests);
    return guests;
  }

  /** Orders, ticks, registers a card and comes back, as far as `stop`; reloads the last page a time or two. */
  async subscribe(
    person: Person,
    { priceId, card, stop }: { priceId: string; card: ScenarioKey; stop: Stop },
  ): Promise<void> {
    const created = await this.try<Answer<{ checkoutId: string }>>("createCheckout", {
      ...person,
      priceId,
    });
    if (!created?.ok || stop === "order") return;
    const { checkoutId } = created.value;
    await this.try("agreeToCheckout", { ...person, checkoutId });
    if (stop === "agreement") return;
    const authKey = await this.authorise(person, card);
    if (authKey === null || stop === "window") return;
    await this.try("acceptCard", { ...person, checkoutId, authKey });
    if (stop === "returned") return;
    await this.complete(checkoutId);
  }

  /** A second tab, a reload after an error page, a click on "try this card again". */
  private async complete(checkoutId: string): Promise<void> {
    const input = { checkoutId, retryCard: false };
    const tabs = this.chance(0.2) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: tabs }, () => this.try("completeCheckout", input)),
    );
    if (answers.includes(undefined) && this.chance(0.6)) await this.try("completeCheckout", input);
    if (this.chance(0.15)) await this.try("completeCheckout", { checkoutId, retryCard: true });
  }

  async buyOnce(person: Person, card: ScenarioKey): Promise<void> {
    const priceId = "onboarding-once-v1";
    const created = await this.try<Answer<{ checkoutId: string }>>("createCheckout", {
      ...person,
      priceId,
    });
    if (!created?.ok) return;
    const { checkoutId } = created.value;
    await this.try("agreeToCheckout", { ...person, checkoutId });
    const [order] = await this.world.sql<{ order_id: string; amount_won: string }[]>`
      select order_id, amount_won from checkouts where id = ${checkoutId}`;
    if (!order) return;
    const amount = Number(order.amount_won);
    const asked = { orderId: order.order_id, amount, orderName: "도입 교육", scenario: card };
    const paid = await this.world.toss.authorizePayment(asked).catch(() => null);
    if (!paid) return;
    await this.try("acceptPayment", { ...person, checkoutId, ...paid });
    if (this.chance(0.8)) await this.complete(checkoutId);
  }

  async replaceCard(person: Person, card: ScenarioKey, stop: Stop): Promise<void> {
    const authKey = await this.authorise(person, card);
    if (authKey === null) return;
    const input = { ...person, checkoutId: null, authKey };
    const accepted = await this.try<Answer<{ registrationId: string }>>("acceptCard", input);
    if (!accepted?.ok || stop !== "end") return;
    const { registrationId } = accepted.value;
    const answer = await this.try("replaceCard", { registrationId });
    // The page is loaded once more: after an error, or just so.
    if (this.chance(answer === undefined ? 0.5 : 0.3))
      await this.try("replaceCard", { registrationId });
  }

  /** The card a customer pays with turns bad: what is due next will be declined. */
  async spoilCard({ customerKey }: Person): Promise<void> {
    const scenario = this.pick(["short-of-balance", "stopped-card", "declined-once"] as const);
    await this.world.toss.changeCard({ customerKey, scenario }).catch(() => undefined);
  }

  async cancel(person: Person): Promise<void> {
    await this.order("cancelSubscription", person);
  }

  async undoCancel(person: Person): Promise<void> {
    await this.order("undoCancel", person);
  }

  async consent(person: Person): Promise<void> {
    await this.order("giveConsent", person);
  }

  /** Presses "try this card again", in two tabs now and then. */
  async payOverdue(person: Person): Promise<void> {
    const [seen] = await this.world.sql<{ subscription_id: string; charge_id: string }[]>`
      select s.id as subscription_id, c.id as charge_id
      from subscriptions s join invoices i on i.subscription_id = s.id join charges c on c.invoice_id = i.id
      where s.account_id = ${person.accountId} and s.status = 'past-due' and i.status = 'open'
      order by c.created_at desc, c.id desc limit 1`;
    if (!seen) return;
    const { subscription_id: subscriptionId, charge_id: afterChargeId } = seen;
    const input = { ...person, subscriptionId, afterChargeId };
    const tabs = this.chance(0.3) ? 2 : 1;
    await Promise.all(Array.from({ length: tabs }, () => this.try("payOverdue", input)));
  }

  /** The operator gives back all or a part of something paid; an error page is answered by the same click again. */
  async refund(): Promise<void> {
    const [charge] = await this.world.sql<{ id: string; amount_won: string }[]>`
      select id, amount_won from charges where status = 'approved'
      order by md5(id || ${String(this.random())}) limit 1`;
    if (!charge) return;
    const share = this.pick([1, 1, 0.5, 0.3]);
    const amountWon = Math.floor(Number(charge.amount_won) * share);
    const requestId = `req_${Math.floor(this.random() * 1e12)}`;
    this.refundRequests.add(requestId);
    const input = { chargeId: charge.id, amountWon, requestId };
    const clicks = this.chance(0.3) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: clicks }, () => this.try("refundCharge", input)),
    );
    if (answers.includes(undefined) && this.chance(0.5)) await this.try("refundCharge", input);
  }

  /**
   * The operator gives an account credit: a little, more than a period costs, or so much that less than Toss charges is
   * left of the next one. An error page is answered by the same click again.
   */
  async gift(person: Person): Promise<void> {
    const [next] = await this.world.sql<{ wanted: number; owned: number }[]>`
      select (select coalesce(sum(expected_won), 0) from subscriptions
          where account_id = ${person.accountId} and expects = 'charge')::int as wanted,
        (select coalesce(-sum(amount_won), 0) from ledger_entries where account_id = ${person.accountId})::int as owned`;
    const { wanted = 0, owned = 0 } = next ?? {};
    const lacks = Math.max(0, wanted - owned);
    const small = [lacks - 50, lacks - 99, lacks - 100];
    const amounts = [500, 5_000, ...small, lacks / 2, lacks, 2.5 * wanted];
    const amountWon = Math.min(1_000_000, Math.max(1, Math.floor(this.pick(amounts))));
    const requestId = `gift_${Math.floor(this.random() * 1e12)}`;
    const gift = { accountId: person.accountId, amountWon, reason: "사과의 뜻", requestId };
    const clicks = this.chance(0.3) ? 2 : 1;
    const answers = await Promise.all(
      Array.from({ length: clicks }, () => this.try("grantCredit", gift)),
    );
    if (answers.includes(undefined) && this.chance(0.7)) await this.try("grantCredit", gift);
    this.gifts += 1;
  }

  /** Somebody gives money back in Toss's own console; the webhook about it comes, or it does not. */
  async refundAtToss(): Promise<void> {
    const [charge] = await this.world.sql<
      { order_id: string; amount_won: string; payment_key: string }[]
    >`
      select order_id, amount_won, payment_key from charges where status = 'approved'
      order by md5(id || ${String(this.random())}) limit 1`;
    if (!charge) return;
    const amount = Math.floor(Number(charge.amount_won) * this.pick([1, 0.4, 0.2]));
    await this.world.cancelAtToss(charge.payment_key, amount);
    if (this.chance(0.6)) await this.announce(charge);
  }

  /** A webhook nobody signed: some tell the truth, some name a payment that never was, some come twice. */
  async webhook(): Promise<void> {
    const [row] = await this.world.sql<{ order_id: string; amount_won: string }[]>`
      select order_id, amount_won from charges
      order by status = 'approved', md5(id || ${String(this.random())}) limit 1`;
    if (row) await this.announce(row);
  }

  private async announce(row: { order_id: string; amount_won: string }): Promise<void> {
    const data = {
      orderId: row.order_id,
      status: "DONE",
      totalAmount: Number(row.amount_won),
      paymentKey: "forged",
    };
    const body = JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data });
    const transmissionId = this.chance(0.7) ? `tx_${Math.floor(this.random() * 1e9)}` : null;
    await this.try("receiveWebhook", { body, transmissionId });
    if (this.chance(0.3)) await this.try("receiveWebhook", { body, transmissionId });
  }

  private async order(action: string, person: Person): Promise<void> {
    const [live] = await this.world.sql<{ id: string }[]>`
      select id from subscriptions where account_id = ${person.accountId} and status <> 'ended'`;
    if (!live) return;
    const input = { ...person, subscriptionId: live.id };
    const answer = await this.try(action, input);
    if (answer === undefined && this.chance(0.7)) await this.try(action, input);
  }

  private async authorise(person: Person, scenario: ScenarioKey): Promise<string | null> {
    const { customerKey } = person;
    const answer = await this.world.toss
      .authorizeBilling({ customerKey, scenario })
      .catch(() => null);
    return answer?.authKey ?? null;
  }

  /** Undefined when no answer came back: the browser shows an error page. */
  private async try<T = unknown>(action: string, input: object): Promise<T | undefined> {
    this.asked += 1;
    try {
      return await this.world.act<T>(action, input);
    } catch {
      this.failed += 1;
      return undefined;
    }
  }
}
