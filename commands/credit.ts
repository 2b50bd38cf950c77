import { parseArgs } from "node:util";
import { z } from "zod";
import { findCredit, listCreditMovements } from "@/db/credit";
import { findSignedIn, findUserByEmail } from "@/db/user";
import { deps } from "@/deps";
import { seoulDayOf } from "@/lib/billing/calendar";
import { formatTableDate } from "@/lib/billing/format";
import { formatWon } from "@/lib/billing/money";
import { type GrantCreditRefusal, grantCredit } from "@/lib/operations/credit/grant";
import { COMMAND } from "@/lib/operations/work";
import { complain, say, whoRunsThis } from "./words";

/** An account's id, or the e-mail address of the person whose account it is. */
const Who = z.string().trim().min(1).max(254);
const AmountWon = z
  .string()
  .regex(/^[1-9]\d{0,9}$/)
  .transform(Number);
const Reason = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,200}$/u);

/** What `credit grant|show` would do; null when the words do not fit. */
export function runCredit([verb, ...args]: readonly string[]): (() => Promise<number>) | null {
  const parsed = parse(args);
  const [who, amount, ...others] = parsed?.positionals ?? [];
  const account = Who.safeParse(who);
  if (!parsed || !account.success || others.length > 0) return null;
  const { reason } = parsed.values;
  if (verb === "show")
    return amount === undefined && reason === undefined ? () => show(account.data) : null;
  const grant = z
    .object({ amountWon: AmountWon, reason: Reason })
    .safeParse({ amountWon: amount, reason });
  return verb === "grant" && grant.success ? () => give(account.data, grant.data) : null;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { reason: { type: "string" } },
    });
  } catch {
    // An option nobody knows.
    return null;
  }
}

async function give(
  who: string,
  { amountWon, reason }: { readonly amountWon: number; readonly reason: string },
): Promise<number> {
  const accountId = await findAccountId(who);
  const { clock } = deps();
  // The same command run twice on a day grants once, whether or not the first run was seen to end.
  const requestId = ["command", seoulDayOf(clock.now()), accountId, amountWon, reason].join(":");
  const order = { accountId, amountWon, reason, requestId };
  const result = await grantCredit(deps(), { ...order, actor: COMMAND, grantedBy: whoRunsThis() });
  if (!result.ok) {
    complain(REFUSALS[result.refusal.code]);
    return 1;
  }
  say(
    `${accountId}: ${formatWon(amountWon)}을 적립했어요. 같은 명령을 오늘 다시 실행해도 한 번만 적립돼요.`,
    `${accountId} was granted ${formatWon(amountWon, "en")}. The same command grants once a day.`,
  );
  return show(accountId);
}

async function show(who: string): Promise<number> {
  const accountId = await findAccountId(who);
  const { grantedWon, paidWon } = await findCredit(accountId);
  say(
    `무상 크레딧 ${formatWon(grantedWon)}, 유상 크레딧 ${formatWon(paidWon)}`,
    `Granted credit ${formatWon(grantedWon, "en")}, paid credit ${formatWon(paidWon, "en")}`,
  );
  for (const { at, kind, amountWon, invoice, reason } of await listCreditMovements(accountId)) {
    const cells = [formatTableDate(seoulDayOf(at)), kind.padEnd(7), String(amountWon).padStart(9)];
    process.stdout.write(`${[...cells, reason ?? invoice?.title ?? ""].join("  ")}\n`);
  }
  return 0;
}

/** An address stands for the account of the person it belongs to; anything else is an account's id. */
async function findAccountId(who: string): Promise<string> {
  const user = await findUserByEmail(who.toLowerCase());
  const person = user && (await findSignedIn(user.id));
  return person?.accountId ?? who;
}

const REFUSALS: Readonly<Record<GrantCreditRefusal["code"], string>> = {
  "unknown-account": "그런 계정이 없어요.\nThere is no such account. [unknown-account]",
  "bad-amount":
    "한 번에 1원부터 1,000,000원까지 적립할 수 있어요.\nOne grant is 1 to 1,000,000 won. [bad-amount]",
  "bad-reason": "사유는 200자까지 쓸 수 있어요.\nA reason has 1 to 200 characters. [bad-reason]",
  "request-differs":
    "같은 요청으로 다르게 적립한 적이 있어요.\nThe same request granted something else. [request-differs]",
};
