import { expect, inject, it } from "vitest";
import { SHORT } from "./forms";
import { prove } from "./prove";

/** Time for a machine that is busy with other tests as well. */
const PATIENCE_MS = 480_000;

it(
  "takes every due won once and loses none, while workers are killed two hundred times and lines are cut",
  async () => {
    const story: string[] = [];
    const report = await prove({
      ...SHORT,
      seed: 20270131,
      serverUrl: inject("databaseServerUrl"),
      say: (line) => story.push(line),
    });
    const told = story.slice(story.findIndex((line) => line.startsWith("Findings")));
    expect(report.findings, told.join("\n")).toEqual([]);
    expect(report).toMatchObject({ ok: true, duplicates: 0, lost: 0 });
    expect(report.kills).toBeGreaterThanOrEqual(SHORT.kills);
    expect(report.charges).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
