import { afterAll, beforeAll, expect, test } from "vitest";
import {
  defaultMerchant,
  startTossEmulator,
  type TossEmulator,
} from "@/packages/toss-twin/emulator";
import { createTossCaller } from "@/packages/toss-twin/testing/caller";
import { conformanceCases } from "./cases";

let emulator: TossEmulator;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0, settings: { slowMs: 60 } });
});

afterAll(() => emulator.close());

test.each(conformanceCases)("$section [$tag] $says", async ({ observe }) => {
  const [seen, expected] = await observe(createTossCaller(emulator.url, defaultMerchant.secretKey));
  expect(seen).toEqual(expected);
});
