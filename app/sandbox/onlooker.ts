import "server-only";
import type { Onlooker } from "@/db/happening";
import { signedInOrNull } from "@/lib/auth/session";

/** People of the console see what happened to everybody, a customer what happened to them, others how much there was. */
export async function findOnlooker(): Promise<Onlooker> {
  const person = await signedInOrNull();
  if (person === null) return { sees: "nobody" };
  if (person.role !== "customer") return { sees: "everybody" };
  return { sees: "oneself", userId: person.userId };
}
