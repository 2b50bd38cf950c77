/**
 * Reads mails and the account page as a customer does, by their Korean words, and remembers what they promise. What
 * then really happens is held against it; a promise that is broken throws.
 *
 * A promise about a day holds as long as nothing happens in between: the customer acts, an operator gives money back,
 * or our jobs stand still. That nothing more is charged holds until the customer orders or takes the end back.
 */
import { addDays, type CalendarDate, parseCalendarDate, seoulDayOf } from "@/lib/billing/calendar";

/** What is known at one instant of one customer, from Toss and from the contract. */
export type Truth = {
  readonly now: Date;
  /** Every attempt to charge, in order, with the day it was made on. */
  readonly attempts: readonly { readonly on: CalendarDate; readonly amountWon: number }[];
  /** Every payment Toss has ever approved, in order. */
  readonly approvedWon: readonly number[];
  /** When the last of them was approved. */
  readonly approvedAt: Date | null;
  readonly hasAccess: boolean;
  readonly isEnded: boolean;
};

type Promised = {
  readonly words: string;
  readonly toldAt: Date;
  /** Whether it still stands after something happened: an act, a standstill, or an order or undo. */
  readonly outlives: "nothing" | "acts";
  /** "kept" when there is nothing left to watch; throws when it is broken. */
  readonly check: (truth: Truth) => "kept" | "open";
};

const DAY = /(\d{4})년 (\d{1,2})월 (\d{1,2})일 \([일월화수목금토]\)\u2060?/;

export class Reader {
  private promises: Promised[] = [];
  private paidMailsWon: number[] = [];

  /** Something happened that no mail could foresee. */
  happened(what: "act" | "order"): void {
    this.promises = this.promises.filter(({ outlives }) => what === "act" && outlives === "acts");
  }

  check(truth: Truth): void {
    this.promises = this.promises.filter((promise) => {
      try {
        return promise.check(truth) === "open";
      } catch (fault) {
        const told = `told on ${promise.toldAt.toISOString()}: ${promise.words}`;
        throw new Error(`${String(fault)}, at ${truth.now.toISOString()}, ${told}`);
      }
    });
  }

  /** All that Toss approved was told of, each payment once. */
  checkReceipts(truth: Truth): void {
    const [told, taken] = [this.paidMailsWon, truth.approvedWon].map((all) => all.join(" + "));
    if (told !== taken) throw new Error(`Receipts for ${told} won, and Toss took ${taken}`);
  }

  readMail(mail: { subject: string; body: string }, truth: Truth): void {
    const words = `${mail.subject}\n${mail.body}`;
    const [, receipt] = /^([\d,]+)원을 결제했어요\n/.exec(words) ?? [];
    if (receipt) this.paidMailsWon.push(wonOf(receipt));
    for (const line of mail.body.split("\n")) {
      // A receipt of consent names the day it was given.
      if (!line.includes("바뀌는 데 동의하셨어요")) this.noDayIsOver(line, truth);
    }
    this.promise(words, truth);
  }

  readPage(page: { headline: string; details: readonly string[] }, truth: Truth): void {
    const year = seoulDayOf(truth.now).slice(0, 4);
    // A page leaves the year out where it is this one; near the end of a year it may be the next.
    const whole = (text: string) =>
      text.replaceAll(/(?<!\d|년 )(\d{1,2})월 (\d{1,2})일/g, (found, month, day) => {
        const here = parseCalendarDate(`${year}-${two(month)}-${two(day)}`);
        const isNext = here < addDays(seoulDayOf(truth.now), -180);
        return `${Number(year) + (isNext ? 1 : 0)}년 ${found}`;
      });
    const text = [page.headline, ...page.details].map(whole).join("\n");
    if (!text.includes("구독이 끝났어요")) this.noDayIsOver(text, truth);
    const today = seoulDayOf(truth.now);
    const charge = /^(?:(.*?)에|오늘) ([\d,]+)원이 결제돼요/.exec(text);
    if (charge) {
      const on = charge[1] ? dayIn(charge[1]) : today;
      this.attemptOn(text, truth, { on, won: charge[2] });
    }
    this.promise(text, truth);
  }

  /** What the page that cancels said, once its button was pressed. */
  readCancelPage(page: { use: string; noMore: string; undo: string }, pressed: Truth): void {
    this.readPage({ headline: page.use, details: [page.noMore, page.undo] }, pressed);
    const isAtToss = /확인 중인/.test(page.use + page.noMore);
    if (/다음 결제부터 결제되지 않아요/.test(page.noMore))
      this.noMoreCharges(page.noMore, pressed, isAtToss ? 1 : 0);
    if (/바로 (?:끝나요|취소되고)/.test(page.use) && pressed.hasAccess)
      throw new Error(`Access has not ended: ${page.use}`);
  }

  private promise(words: string, truth: Truth): void {
    const told = (pattern: string) => new RegExp(pattern.replaceAll("DAY", DAY.source)).exec(words);
    const dayOf = (found: RegExpExecArray | null) => found && dayIn(found[0]);

    const next = told("다음 결제일은 DAY(?:이에요|, 금액은 (?<won>[\\d,]+)원)");
    if (next) this.attemptOn(words, truth, { on: dayIn(next[0]), won: next.groups?.won });
    const agreed = told("(?:동의하신 대로 |\\n)DAY에 (?<won>[\\d,]+)원을 결제해요");
    if (agreed) this.attemptOn(words, truth, { on: dayIn(agreed[0]), won: agreed.groups?.won });
    const again = told("DAY 오전 10시에 다시 결제할게요");
    if (again) this.attemptOn(words, truth, { on: dayIn(again[0]) });

    // What is at Toss may still be paid, and nothing after it.
    if (/원 말고는 더 결제되지 않아요|그 뒤로는 더 결제되지 않아요/.test(words))
      this.noMoreCharges(words, truth, 1);
    else if (
      /더 결제되지 않아요|결제된 금액은 없어요|더 결제하지 않아요|도 결제되지 않아요/.test(words)
    )
      this.noMoreCharges(words, truth, 0);

    const access = dayOf(
      told("(?<!결제되면 )DAY까지(?:는)?(?: 그대로| 무료로)? (?:이용할|쓸) 수 있"),
    );
    if (access) this.accessUntil(words, truth, access);
    if (/이용이 멈췄어요|이용이 멈춰 있어요/.test(words) && truth.hasAccess)
      throw new Error(`Access has not stopped: ${words}`);

    const unpaidEnd = dayOf(told("DAY 오전 10시까지 결제되지 않으면 구독이 끝나"));
    if (unpaidEnd) this.endsUnpaidAfter(words, truth, unpaidEnd);
    const trialEnd = dayOf(
      told("동의하지 않으면 DAY에 체험이 끝나고") ?? told("DAY에 체험이 끝나고 결제되지 않아요"),
    );
    if (trialEnd) this.trialEndsAfter(words, truth, trialEnd);
  }

  private noDayIsOver(text: string, { now }: Truth): void {
    const today = seoulDayOf(now);
    for (const [found] of text.matchAll(new RegExp(DAY, "g")))
      if (dayIn(found) < today) throw new Error(`On ${today} a day that is over is named: ${text}`);
  }

  private attemptOn(
    words: string,
    told: Truth,
    { on, won }: { on: CalendarDate; won?: string | undefined },
  ): void {
    const before = told.attempts.length;
    this.add({ words, told, outlives: "nothing" }, ({ now, attempts }) => {
      const made = attempts[before];
      if (made) {
        if (made.on !== on) throw new Error(`A charge on ${made.on}, promised for ${on}`);
        if (won && made.amountWon !== wonOf(won)) throw new Error(`${made.amountWon} won charged`);
        return "kept";
      }
      if (seoulDayOf(now) > on) throw new Error(`No charge was made on ${on}`);
      return "open";
    });
  }

  private noMoreCharges(words: string, told: Truth, allowed: number): void {
    const most = told.approvedWon.length + allowed;
    this.add({ words, told, outlives: "acts" }, ({ approvedWon, approvedAt }) => {
      const isNew = approvedWon.length > told.approvedWon.length;
      // What is under way was sent before; nothing is sent afterwards.
      if (isNew && approvedAt !== null && approvedAt > told.now)
        throw new Error("Sent to Toss after it was said that nothing more is");
      if (approvedWon.length > most) throw new Error("Charged after it was said that nothing is");
      return "open";
    });
  }

  private accessUntil(words: string, told: Truth, last: CalendarDate): void {
    this.add({ words, told, outlives: "nothing" }, ({ now, hasAccess }) => {
      if (seoulDayOf(now) > last) return "kept";
      if (!hasAccess) throw new Error(`No access on ${seoulDayOf(now)}`);
      return "open";
    });
  }

  private endsUnpaidAfter(words: string, told: Truth, on: CalendarDate): void {
    const paid = told.approvedWon.length;
    this.add({ words, told, outlives: "nothing" }, ({ now, approvedWon, isEnded }) => {
      if (approvedWon.length > paid || isEnded) return "kept";
      if (seoulDayOf(now) > on) throw new Error(`Still running after ${on}`);
      return "open";
    });
  }

  private trialEndsAfter(words: string, told: Truth, last: CalendarDate): void {
    const before = told.attempts.length;
    this.add({ words, told, outlives: "nothing" }, ({ now, attempts, isEnded }) => {
      if (attempts.length > before) throw new Error("Charged without consent");
      if (seoulDayOf(now) > addDays(last, 1) && !isEnded) throw new Error("The trial goes on");
      return "open";
    });
  }

  private add(
    { told, ...promise }: Pick<Promised, "words" | "outlives"> & { readonly told: Truth },
    check: Promised["check"],
  ): void {
    this.promises.push({ ...promise, toldAt: told.now, check });
  }
}

function dayIn(text: string): CalendarDate {
  const found = DAY.exec(text);
  if (!found) throw new Error(`No day in "${text}"`);
  return parseCalendarDate(`${found[1]}-${two(found[2])}-${two(found[3])}`);
}

function two(digits: string | undefined): string {
  return (digits ?? "").padStart(2, "0");
}

function wonOf(text: string): number {
  return Number(text.replaceAll(",", ""));
}
