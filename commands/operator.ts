import { parseArgs } from "node:util";
import { z } from "zod";
import { listOperators } from "@/db/user";
import { deps } from "@/deps";
import { OPERATOR_LINK_HOURS } from "@/lib/billing/policy";
import { grantRole } from "@/lib/operations/team/grant-role";
import { revokeRole } from "@/lib/operations/team/revoke-role";
import { env } from "@/lib/runtime/env";
import { complain, say, whoRunsThis } from "./words";

const ROLES = { operator: "운영자", owner: "소유자", support: "보기 전용" } as const;

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const Grant = z.object({
  role: z.enum(["operator", "owner", "support"]).default("operator"),
  name: z
    .string()
    .trim()
    .regex(/^\P{Cc}{1,50}$/u)
    .optional(),
});

/** What `operator add|list|remove` would do; null when the words do not fit. */
export function runOperator([verb, ...args]: readonly string[]): (() => Promise<number>) | null {
  if (verb === "list") return args.length === 0 ? list : null;
  const parsed = parse(args);
  const email = Email.safeParse(parsed?.positionals[0]);
  if (!parsed || parsed.positionals.length !== 1 || !email.success) return null;
  if (verb === "remove")
    return Object.keys(parsed.values).length === 0 ? () => remove(email.data) : null;
  const grant = Grant.safeParse(parsed.values);
  return verb === "add" && grant.success ? () => add(email.data, grant.data) : null;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: "string" }, name: { type: "string" } },
    });
  } catch {
    // An option nobody knows.
    return null;
  }
}

async function add(email: string, { role, name }: z.infer<typeof Grant>): Promise<number> {
  const person = { email, role, name: name ?? email.split("@", 1)[0] ?? email };
  const result = await grantRole(deps(), { ...person, grantedBy: whoRunsThis() });
  if (!result.ok) {
    refuseWith(result.refusal.code);
    return 1;
  }
  say(`${email}: ${ROLES[role]}(${role})로 정했어요.`, `${email} is now ${role}.`);
  const { token } = result.value;
  if (token === null) return 0;
  say(
    `이 링크로 비밀번호를 정해야 로그인할 수 있어요. ${OPERATOR_LINK_HOURS}시간 동안 한 번만 쓸 수 있어요.`,
    `To sign in, they set a password with this link. It works once, within ${OPERATOR_LINK_HOURS} hours.`,
  );
  process.stdout.write(`${env().APP_URL}/reset-password?token=${token}\n`);
  return 0;
}

async function remove(email: string): Promise<number> {
  const result = await revokeRole(deps(), { email, revokedBy: whoRunsThis() });
  if (!result.ok) {
    refuseWith(result.refusal.code);
    return 1;
  }
  say(
    `${email}: ${result.value.before} 권한을 없앴어요. 고객 계정은 그대로예요.`,
    `${email} is no longer ${result.value.before}; the customer account stays.`,
  );
  return 0;
}

async function list(): Promise<number> {
  const operators = await listOperators();
  if (operators.length === 0) say("운영자가 없어요.", "There are no operators.");
  for (const { email, name, role } of operators)
    process.stdout.write(`${role.padEnd(8)}  ${email}  ${name}\n`);
  return 0;
}

function refuseWith(code: "last-operator" | "not-an-operator" | "email-taken"): void {
  const words = {
    "last-operator":
      "마지막 운영자예요. 다른 사람을 먼저 operator나 owner로 추가하세요.\nThis is the last one who may act in the console; add another operator or owner first.",
    "not-an-operator": "그런 운영자가 없어요.\nThere is no such operator.",
    "email-taken":
      "방금 이 이메일로 가입한 사람이 있어요. 다시 실행하세요.\nSomebody signed up with this address just now; run the command again.",
  };
  complain(`${words[code]} [${code}]`);
}
