import { afterAll, beforeAll, expect, test } from "vitest";
import { conformanceCases } from "./conformance";
import { defaultMerchant, startTossEmulator, type TossEmulator } from "./emulator";
import { createTossCaller } from "./testing";

let emulator: TossEmulator;

beforeAll(async () => {
  emulator = await startTossEmulator({ port: 0, settings: { slowMs: 60 } });
});

afterAll(() => emulator.close());

test.each(conformanceCases)("$section [$tag] $says", async ({ observe }) => {
  const [seen, expected] = await observe(createTossCaller(emulator.url, defaultMerchant.secretKey));
  expect(seen).toEqual(expected);
});
