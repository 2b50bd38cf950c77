import { z } from "zod";
import type { World } from "@/packages/toss-twin/world";
import type { Change } from "./journal";
import {
  AuthSchema,
  BillingSchema,
  DeliverySchema,
  Instant,
  PaymentSchema,
  ReceiptSchema,
  RegistrationSchema,
  WindowSchema,
} from "./records";
import { resume } from "./resume";

const View = z.object({
  language: z.enum(["ko", "en"]),
  version: z.string().max(20),
  publicUrl: z.string().max(2_000),
  now: Instant,
});

const Answer = z.object({
  /** Holds the path and the query of the call, as long as they may be. */
  id: z.string().max(100_000),
  firstUsedAt: Instant,
  /** A success with a body, or a refusal. */
  status: z.union([z.literal(200), z.int().min(400).max(599)]),
  traceId: z.string().regex(/^[0-9a-f]{1,64}(,[0-9a-f]{1,64})?$/),
  body: z.union([
    z.object({ text: z.string() }),
    z.object({ payment: PaymentSchema, view: View }),
    z.object({ paymentKey: z.string(), view: View }),
  ]),
});

const ClockOffset = z
  .number()
  .refine((offsetMs) => Instant.safeParse(Date.now() + offsetMs).success);

const StateFile = z.object({
  format: z.literal("toss-emulator-state"),
  version: z.literal(1),
  changes: z.array(
    z.union([
      z.tuple([z.literal("clock"), ClockOffset]),
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
