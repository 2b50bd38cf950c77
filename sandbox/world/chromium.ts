import { existsSync } from "node:fs";
import { chromium } from "playwright";
import { Failure } from "./failure";
import type { Supervisor } from "./supervisor";

const SYSTEM_CHROMIUMS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DOWNLOAD_PATIENCE_MS = 180_000;

/** The browser that tests drive: Playwright's own, else the system's; undefined when there is neither. */
export function findChromium(): string | undefined {
  return [chromium.executablePath(), ...SYSTEM_CHROMIUMS].find((path) => existsSync(path));
}

/** Fetches a browser when there is none: Playwright's, else, for root on Debian, the distribution's. */
export async function ensureChromium(
  root: string,
  logFile: string,
  supervisor: Supervisor,
): Promise<void> {
  if (findChromium()) return;
  const run = async (command: string, args: readonly string[]) => {
    const child = await supervisor.tryOut({
      name: command,
      command,
      args,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      cwd: root,
      logFile,
    });
    const timer = setTimeout(() => void child.stop(), DOWNLOAD_PATIENCE_MS);
    await child.exited;
    clearTimeout(timer);
  };
  await run("npx", ["playwright", "install", "chromium"]);
  if (!findChromium() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "-y", "chromium", "fonts-noto-cjk"]);
  }
  if (findChromium()) return;
  throw new Failure(
    "There is no Chromium to test with and none could be fetched; install one (npx playwright install chromium, or apt-get install chromium) and try again.",
  );
}
