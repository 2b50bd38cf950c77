import { z } from "zod";
import type { Change } from "./journal";
import {
  AuthSchema,
  BillingSchema,
  DeliverySchema,
  PaymentSchema,
  ReceiptSchema,
  RegistrationSchema,
  WindowSchema,
} from "./records";
import { resume } from "./resume";
import type { World } from "./world";

const View = z.object({
  language: z.enum(["ko", "en"]),
  version: z.string().max(20),
  publicUrl: z.string().max(2_000),
  now: z.number(),
});

const Answer = z.object({
  id: z.string().max(4_000),
  firstUsedAt: z.number(),
  status: z.int().min(200).max(599),
  traceId: z.string().max(200),
  body: z.union([
    z.object({ text: z.string() }),
    z.object({ payment: PaymentSchema, view: View }),
    z.object({ paymentKey: z.string(), view: View }),
  ]),
});

const StateFile = z.object({
  format: z.literal("toss-emulator-state"),
  version: z.literal(1),
  changes: z.array(
    z.union([
      z.tuple([z.literal("clock"), z.number()]),
      z.tuple([z.literal("payment"), PaymentSchema]),
      z.tuple([z.literal("billing"), BillingSchema]),
      z.tuple([z.literal("auth"), AuthSchema]),
      z.tuple([z.literal("window"), WindowSchema]),
      z.tuple([z.literal("receipt"), ReceiptSchema]),
      z.tuple([z.literal("registration"), RegistrationSchema]),
      z.tuple([z.literal("delivery"), DeliverySchema]),
      z.tuple([z.literal("answer"), Answer]),
    ]),
  ),
});

type StateFile = { format: "toss-emulator-state"; version: 1; changes: Change[] };

/** The whole state as one value; it holds billing keys in full, as the journal does. */
export function exportState(world: World): StateFile {
  return { format: "toss-emulator-state", version: 1, changes: [...world.store.snapshot()] };
}

/** Puts an exported state in place of the present one. Where the clock is later already, it stays. */
export function importState(world: World, value: unknown): { ok: true } {
  const { changes } = StateFile.parse(value);
  world.agenda.clear();
  world.store.restore(changes);
  resume(world);
  return { ok: true };
}
