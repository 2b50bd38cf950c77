/** Compares the jobs with the table in `docs/operations.md` that tells operators what runs, and when. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { JOBS } from "@/inngest/jobs";

const WORDS: Readonly<Record<string, string>> = {
  "* * * * *": "every minute",
  "*/5 * * * *": "every 5 minutes",
  "*/15 * * * *": "every 15 minutes",
  "TZ=Asia/Seoul 0 8 * * *": "08:00 in Seoul",
  "TZ=Asia/Seoul 0 23 * * *": "23:00 in Seoul",
};
const TIME = /every (?:\d+ )?minutes?|\d\d:\d\d in \w+/g;

const guide = readFileSync(new URL("../docs/operations.md", import.meta.url), "utf8");
const rows = new Map(
  [...guide.matchAll(/^\| `([\w-]+)` +\| (.*)\|$/gm)].map(([, id = "", text = ""]) => [id, text]),
);

test("the guide lists each job once, and no other", () => {
  expect(new Set(rows.keys())).toEqual(new Set(JOBS.map((job) => job.id())));
  expect(guide.match(/^\| `/gm)).toHaveLength(JOBS.length);
});

test.each(JOBS.map((job) => [job.id(), job] as const))("the guide says when %s runs", (id, job) => {
  const { triggers } = z
    .object({ triggers: z.array(z.looseObject({ cron: z.string().optional() })) })
    .parse(job.opts);
  const crons = triggers.flatMap(({ cron }) => cron ?? []);
  expect(rows.get(id)?.match(TIME) ?? []).toEqual(crons.map((cron) => WORDS[cron]));
});
