import { coreCases } from "./conformance-core";
import type { ConformanceCase } from "./conformance-kit";
import { moneyCases } from "./conformance-money";

/** Every statement of the fact sheet that can be checked from outside. */
export const conformanceCases: readonly ConformanceCase[] = [...coreCases, ...moneyCases];
