import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure";
import { readPorts } from "./ports";
import { removeCluster } from "./postgres";
import { say, step } from "./progress.mjs";
import { findRunningDemo, lockFileOf } from "./running-demo";
import { createSupervisor, type Supervisor } from "./supervisor";
import { startWorld, type World } from "./world";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const DATA = join(ROOT, ".sandbox");
const LOCK = lockFileOf(ROOT);
const WORLD = join(DATA, "world.json");
const FLAGS = ["--fresh", "--dev"];

const supervisor = createSupervisor();
const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.on(signal, () => resolve("interrupted"));
  }
});
process.exit(await run(process.argv.slice(2)));

/** The exit code: 0 after Ctrl-C, 1 when something broke or could not start. */
async function run(args: readonly string[]): Promise<number> {
  let holdsLock = false;
  try {
    refuseUnknownFlags(args);
    const ports = readPorts(process.env);
    refuseSecondDemo();
    if (args.includes("--fresh")) await step("처음부터 (--fresh)", startOver);
    mkdirSync(DATA, { recursive: true });
    writeFileSync(LOCK, String(process.pid));
    holdsLock = true;

    const startedAt = Date.now();
    const starting = startWorld({
      root: ROOT,
      dataFolder: DATA,
      ports,
      person: process.env,
      supervisor,
      app: args.includes("--dev") ? "development server" : "production build",
      jobs: "best",
    });
    const world = await Promise.race([starting, supervisor.broken, interrupted]);
    if (world === "interrupted") return await stop(supervisor);
    keepForTools(world);
    say(describe(world, (Date.now() - startedAt) / 1_000));
    await Promise.race([supervisor.broken, interrupted]);
    return await stop(supervisor);
  } catch (error) {
    await supervisor.stop();
    say("");
    console.error(error instanceof Failure ? error.message : error);
    return 1;
  } finally {
    if (holdsLock) {
      rmSync(WORLD, { force: true });
      rmSync(LOCK, { force: true });
    }
  }
}

async function stop(all: Supervisor): Promise<0> {
  await step("멈추는 중", all.stop);
  return 0;
}

function refuseUnknownFlags(args: readonly string[]): void {
  const unknown = args.find((arg) => !FLAGS.includes(arg));
  if (unknown)
    throw new Failure(`"${unknown}" is not known here; there are ${FLAGS.join(" and ")}.`);
}

function refuseSecondDemo(): void {
  const pid = findRunningDemo(ROOT);
  if (pid === undefined) return;
  throw new Failure(`A demo of this clone is running already (process ${pid}); stop it first.`);
}

async function startOver(): Promise<void> {
  if (process.env.DATABASE_URL) {
    throw new Failure(
      "DATABASE_URL names a database of yours, which --fresh does not empty; empty it yourself and start without --fresh.",
    );
  }
  removeCluster(DATA);
  rmSync(DATA, { recursive: true, force: true });
}

/** For the sandbox's command line, which works on the running demo. Holds secrets, so nobody else may read it. */
function keepForTools(world: World): void {
  const temporary = `${WORLD}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ environment: world.environment }), { mode: 0o600 });
  renameSync(temporary, WORLD);
}

function describe(world: World, seconds: number): string {
  const runners = {
    "named server": "Inngest 서버 (INNGEST_DEV)",
    "dev server": "Inngest dev server",
    "local executor": "내장 작업 실행기 (Inngest dev server 대신)",
  };
  const toss = world.tossUrl ?? `${world.environment.TOSS_API_URL} (실제 테스트 키)`;
  return `
──────────────────────────────────────────────────────────────
 매달이 준비되었습니다 (${seconds.toFixed(0)}초)

   앱                  ${world.appUrl}
   Toss 에뮬레이터     ${toss}
   작업 대시보드       ${world.jobs.url}
                       ${runners[world.jobs.kind]}

   고객                customer@maedal.kr   maedal1234!
   운영자              operator@maedal.kr   maedal1234!

 먼저 해 보세요
   1. ${world.appUrl}/pricing 에서 요금제를 고르고 고객으로 로그인하세요.
   2. 결제창에서 테스트 카드를 골라 등록하면 첫 달이 결제됩니다.
   3. ${world.appUrl}/sandbox 에서 +1개월을 누르거나, 다른 터미널에서: npm run sandbox -- clock +1month
   4. ${world.appUrl}/account/payments 에서 두 번째 달의 결제를 확인하세요.
   5. 작업 대시보드에서 결제를 맡은 Inngest 함수를 볼 수 있습니다.

 멈추기 Ctrl-C · 처음부터 npm run demo -- --fresh · 기록 .sandbox/logs
 Ready: open ${world.appUrl}; job runner: ${world.jobs.kind}.
 Ctrl-C stops everything; your data stays for the next start.
──────────────────────────────────────────────────────────────`;
}
