import type { Role } from "@/db/schema/account";
import { lockActingOperators, lockUserByEmail, setRole } from "@/db/user";
import { COMMAND, inTransaction } from "@/lib/operations/work";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { ok, type Result, refuse } from "@/lib/runtime/result";

/** Takes a person's role in the console away; they stay a customer. Somebody who may act in the console remains. */
export async function revokeRole(
  deps: ClockAndIds,
  /** `email` in lower case; `revokedBy` runs the command, as the operating system calls them. */
  { email, revokedBy }: { email: string; revokedBy: string },
): Promise<Result<{ before: Role }, { code: "not-an-operator" | "last-operator" }>> {
  return inTransaction(deps, COMMAND, async (work) => {
    const { tx } = work;
    const operators = await lockActingOperators(tx);
    const person = await lockUserByEmail(tx, email);
    if (!person || person.role === "customer") return refuse({ code: "not-an-operator" });
    if (isLastOperator(operators, person.id)) return refuse({ code: "last-operator" });
    await setRole(tx, person.id, "customer");
    const details = { before: person.role, after: "customer", by: revokedBy };
    const entry = { action: "user.role-revoked", subjectId: person.id, details };
    await work.audit(entry);
    return ok({ before: person.role });
  });
}

/** Whether nobody could act in the console without this person. */
export function isLastOperator(
  operators: readonly { readonly id: string }[],
  userId: string,
): boolean {
  return operators.length === 1 && operators[0]?.id === userId;
}
