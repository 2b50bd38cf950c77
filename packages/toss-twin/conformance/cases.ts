import { coreCases } from "./core";
import type { ConformanceCase } from "./kit";
import { moneyCases } from "./money";

/** Every statement of the fact sheet that can be checked from outside. */
export const conformanceCases: readonly ConformanceCase[] = [...coreCases, ...moneyCases];
