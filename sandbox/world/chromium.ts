import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { Failure } from "./failure";
import type { Supervisor } from "./supervisor";

const SYSTEM_SHELL = "/usr/bin/chromium-headless-shell";
const SYSTEM_CHROMIUMS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DOWNLOAD_PATIENCE_MS = 180_000;
/** For what the tests can do without. */
const EXTRA_PATIENCE_MS = 60_000;

/**
 * The browser that tests drive, or undefined: a headless shell, Playwright's or the system's, else a whole Chromium.
 * Without windows, tabs and profiles, a shell needs a third less of the machine for the same pages.
 */
export function findChromium(): string | undefined {
  return findShell() ?? findWholeChromium();
}

function findShell(): string | undefined {
  return [playwrightShell(), SYSTEM_SHELL].find((path) => path && existsSync(path));
}

function findWholeChromium(): string | undefined {
  return [chromium.executablePath(), ...SYSTEM_CHROMIUMS].find((path) => existsSync(path));
}

/** Playwright puts its shell beside its Chromium, and names only the latter. */
function playwrightShell(): string | undefined {
  const folder = chromium
    .executablePath()
    .replace(/([\\/])chromium-(\d+)[\\/].*$/, "$1chromium_headless_shell-$2");
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((path) =>
    /[\\/]chrome-headless-shell(\.exe)?$/.test(path),
  );
  return file && join(folder, file);
}

/**
 * Fetches a browser when there is none: Playwright's, else, for root on Debian, the distribution's. There, a headless
 * shell is fetched even beside a whole Chromium.
 */
export async function ensureChromium(
  root: string,
  logFile: string,
  supervisor: Supervisor,
): Promise<void> {
  if (findShell()) return;
  const run = async (patienceMs: number, command: string, args: readonly string[]) => {
    const child = await supervisor.tryOut({
      name: command,
      command,
      args,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      cwd: root,
      logFile,
    });
    const timer = setTimeout(() => void child.stop(), patienceMs);
    await child.exited;
    clearTimeout(timer);
  };
  const isDebian = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  const isExtra = findWholeChromium() !== undefined;
  if (!isExtra)
    await run(DOWNLOAD_PATIENCE_MS, "npx", ["playwright", "install", "--only-shell", "chromium"]);
  if (!findShell() && isDebian) {
    const patienceMs = isExtra ? EXTRA_PATIENCE_MS : DOWNLOAD_PATIENCE_MS;
    const install = ["install", "-y", "--no-remove"];
    await run(patienceMs, "apt-get", ["update"]);
    await run(patienceMs, "apt-get", [...install, "chromium-headless-shell"]);
    if (!findChromium()) await run(patienceMs, "apt-get", [...install, "chromium"]);
    if (!isExtra) await run(patienceMs, "apt-get", [...install, "fonts-noto-cjk"]);
  }
  if (findChromium()) return;
  throw new Failure(
    "There is no Chromium to test with and none could be fetched; install one (npx playwright install chromium, or apt-get install chromium) and try again.",
  );
}
