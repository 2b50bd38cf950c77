/** Which jobs a moved clock runs, on an engine that follows it and on one that lives in real time. */
import { createServer } from "node:http";
import { cron, type Inngest } from "inngest";
import { afterEach, describe, expect, it } from "vitest";
import { openStage } from "@/packages/inngest-local/testing/stage";
import { createJobs, type TickSpan } from "./jobs";

const at = (text: string) => new Date(`2031-03-01T${text}Z`);

function functions(app: Inngest, runs: string[]) {
  const job = (id: string, ...crons: string[]) =>
    app.createFunction(
      { id, triggers: crons.map((text) => cron(text)), singleton: { mode: "skip" }, retries: 1 },
      () => void runs.push(id),
    );
  return [
    job("morning", "TZ=Asia/Seoul 0 8 * * *"),
    job("evening", "TZ=Asia/Seoul 0 23 * * *"),
    job("hourly", "30 * * * *"),
    job("quarterly", "*/15 * * * *"),
    job("often", "* * * * *"),
    job("twice", "0,20 5 * * *"),
    app.createFunction({ id: "asked", triggers: [{ event: "go" }] }, () => void runs.push("asked")),
  ];
}

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe("which jobs tick on the way", () => {
  const app = { id: () => "", opts: {} };
  const jobsOf = (...crons: string[]) =>
    createJobs("http://127.0.0.1:9", "app", [
      { ...app, opts: { triggers: crons.map((text) => ({ cron: text })) } },
    ]);

  it("stops at each tick of an hour or longer, and at no other", () => {
    const jobs = jobsOf("TZ=Asia/Seoul 0 8 * * *", "TZ=Asia/Seoul 0 23 * * *", "*/15 * * * *");
    expect(jobs.nextLongTick(at("00:00:00"))).toEqual(at("14:00:00"));
    expect(jobs.nextLongTick(at("14:00:00"))).toEqual(at("23:00:00"));
    expect(jobs.nextLongTick(at("13:59:59"))).toEqual(at("14:00:00"));
  });

  it("counts an hourly job as long, and one that ticks twice within an hour as short", () => {
    expect(jobsOf("30 * * * *").nextLongTick(at("00:30:00"))).toEqual(at("01:30:00"));
    expect(jobsOf("0,20 5 * * *").nextLongTick(at("00:30:00"))).toBeNull();
    expect(jobsOf("* * * * *").nextLongTick(at("00:30:00"))).toBeNull();
  });

  it("ends a round of short jobs when each has ticked", () => {
    const jobs = jobsOf("* * * * *", "*/5 * * * *", "*/15 * * * *", "0 3 * * *");
    expect(jobs.nextShortRound(at("01:00:00"))).toEqual(at("01:15:00"));
    expect(jobsOf("0 3 * * *").nextShortRound(at("01:00:00"))).toEqual(at("01:00:00"));
  });
});

describe("letting them run", () => {
  it("waits for the executor, which fires once what the clock passed", async () => {
    const runs: string[] = [];
    let now = at("22:00:30");
    const stage = await openStage((app) => functions(app, runs), { clock: () => now });
    open.push(() => stage.close());
    await stage.executor.settle();
    const jobs = createJobs(stage.executor.url, "app", []);
    now = at("23:00:00");
    expect(await jobs.run(span(at("22:00:30"), now), 5_000)).toBe(true);
    expect(runs.toSorted()).toEqual(["hourly", "morning", "often", "quarterly"]);
    expect(await jobs.run(span(now, now), 5_000)).toBe(true);
    expect(runs).toHaveLength(4);
  });

  it("leaves the shorter jobs out where nothing is booked, and makes up for them once", async () => {
    const runs: string[] = [];
    let now = at("22:00:30");
    const stage = await openStage((app) => functions(app, runs), { clock: () => now });
    open.push(() => stage.close());
    await stage.executor.settle();
    const jobs = createJobs(stage.executor.url, "app", functions(stage.client, []));
    await jobs.hold();
    now = at("23:00:00");
    const long = { longSince: at("22:00:30"), shortSince: null, until: now };
    expect(await jobs.run(long, 5_000)).toBe(true);
    expect(runs.toSorted()).toEqual(["hourly", "morning"]);
    const rest = { longSince: now, shortSince: at("22:00:30"), until: now };
    expect(await jobs.run(rest, 5_000)).toBe(true);
    expect(runs.toSorted()).toEqual(["hourly", "morning", "often", "quarterly"]);

    await jobs.release();
    now = at("23:01:00");
    expect((await stage.executor.settle()).settled).toBe(true);
    expect(runs.filter((run) => run === "often")).toHaveLength(2);
  });

  it("starts by name on a server that lives in real time, once each, and waits for the end", async () => {
    const runs: string[] = [];
    const stage = await openStage((app) => functions(app, runs));
    open.push(() => stage.close());
    const { executor, client } = stage;
    await executor.settle();
    const server = await openServer(executor.url);
    const jobs = createJobs(server, "app", functions(client, []));
    const since = at("22:00:00");
    const until = at("23:00:00");
    expect(await jobs.run(span(since, until), 5_000)).toBe(true);
    expect(runs.toSorted()).toEqual(["hourly", "morning", "often", "quarterly"]);
  });

  it("is not done where nothing answers", async () => {
    const jobs = createJobs("http://127.0.0.1:9", "app", []);
    expect(await jobs.run(span(at("00:00:00"), at("01:00:00")), 1_000)).toBe(false);
  });
});

/** Both kinds of jobs between two instants. */
function span(since: Date, until: Date): TickSpan {
  return { longSince: since, shortSince: since, until };
}

/** The same engine as a server that does not call itself the sandbox's. */
async function openServer(url: string): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.url === "/dev") {
      response.end(JSON.stringify({ version: "1.45.1" }));
      return;
    }
    const body = Buffer.concat(await request.toArray());
    const answered = await fetch(`${url}${request.url}`, {
      method: request.method ?? "GET",
      ...(request.method === "POST" ? { body } : {}),
    });
    response.writeHead(answered.status).end(await answered.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}
