import { tellHappenings } from "@/app/sandbox/tell-happenings";
import { formatInstant } from "@/components/sandbox/instant";
import { closeDb } from "@/db/client";
import { listHappenings } from "@/db/happening";
import { deps } from "@/deps";
import { findClockTarget, moveTime } from "./entry";

const USAGE = `npm run sandbox -- clock              지금 샌드박스 시간
npm run sandbox -- clock +1month      +3h, +1day, +1week, +1month, +1year
npm run sandbox -- clock next         다음에 예약된 결제까지
npm run sandbox -- clock 2027-01-31   그날 낮 12시까지
npm run sandbox -- year               구독자 1,000명의 365일 (--subscribers N, --seed N); 데모와 따로 돌아요
npm run sandbox -- snapshot FOLDER   모든 상태의 행을 담은 데이터베이스를 파일로 (db/snapshots/README.md)`;

process.exitCode = await run(process.argv.slice(2));
await closeDb();

async function run([command, ...args]: readonly string[]): Promise<number> {
  if (command === "year") return (await import("./year/main")).runYear(args);
  if (command === "snapshot") return (await import("./snapshot/main")).takeSnapshot(args);
  const [wish, ...rest] = args;
  if (command !== "clock" || rest.length > 0) {
    console.error(USAGE);
    return 1;
  }
  if (!process.env.SANDBOX_CLOCK_FILE) {
    console.error("The sandbox is not running; start it with npm run demo.");
    return 1;
  }
  const now = deps().clock.now();
  if (wish === undefined) {
    console.log(formatInstant(now, "ko"));
    return 0;
  }
  const target = await findClockTarget(wish, now);
  if (!target) {
    console.error(wish === "next" ? "예약된 결제가 없습니다." : USAGE);
    return 1;
  }
  if (target <= now) {
    console.error("시간은 앞으로만 갑니다.");
    return 1;
  }
  return move(now, target);
}

async function move(from: Date, target: Date): Promise<number> {
  console.log(`${formatInstant(from, "ko")}에서 ${formatInstant(target, "ko")}까지 갑니다.`);
  const { kind, stops } = await moveTime(deps(), {
    to: target,
    onStop: (at) => console.log(`  · ${formatInstant(at, "ko")}`),
  });
  const happened = await listHappenings({ from, to: deps().clock.now() }, { sees: "everybody" });
  for (const { title, items, rest } of tellHappenings(happened, "ko")) {
    console.log(title);
    for (const { at, words } of items) console.log(`  ${at}  ${words}`);
    if (rest) console.log(`  ${rest}`);
  }
  if (kind === "stalled") {
    console.error("할 일이 남았는데 작업 실행기가 답하지 않아 멈췄습니다. 켜져 있는지 확인하세요.");
    return 1;
  }
  console.log(`지금 ${formatInstant(deps().clock.now(), "ko")} (${stops}번 멈췄습니다)`);
  return 0;
}
