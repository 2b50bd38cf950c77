const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const HEARTBEAT_MS = 20_000;

/** @type {Map<string, number>} label of what is under way → when it began, ms */
const underWay = new Map();
let frame = 0;
/** @type {NodeJS.Timeout | undefined} */
let ticker;

/**
 * Runs `work` with a line that says so: a spinner on a terminal, plain lines elsewhere; elapsed seconds at the end.
 * Works side by side are shown together.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const startedAt = Date.now();
  underWay.set(label, startedAt);
  if (!process.stdout.isTTY) console.log(`· ${label}`);
  keepTicking();
  try {
    const result = await work();
    finish(label, "✓", startedAt);
    return result;
  } catch (error) {
    finish(label, "✗", startedAt);
    throw error;
  }
}

/** One line among the steps. */
export function say(line) {
  clearLine();
  console.log(line);
}

function finish(label, sign, startedAt) {
  underWay.delete(label);
  say(`${sign} ${label} (${seconds(startedAt)})`);
  if (underWay.size === 0) {
    clearInterval(ticker);
    ticker = undefined;
  }
}

function keepTicking() {
  if (ticker) return;
  ticker = process.stdout.isTTY ? setInterval(spin, 100) : setInterval(beat, HEARTBEAT_MS);
  ticker.unref();
}

function spin() {
  frame = (frame + 1) % FRAMES.length;
  const labels = [...underWay].map(([label, startedAt]) => `${label} ${seconds(startedAt)}`);
  clearLine();
  process.stdout.write(
    `${FRAMES[frame]} ${cut(labels.join(" · "), (process.stdout.columns || 80) - 4)}`,
  );
}

/** As much of a text as fits on `columns`; a Korean letter takes two. */
function cut(text, columns) {
  let room = columns;
  let end = 0;
  for (const letter of text) {
    room -= letter > "\u10ff" ? 2 : 1;
    if (room < 0) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

function beat() {
  for (const [label, startedAt] of underWay) console.log(`  … ${label} (${seconds(startedAt)})`);
}

function clearLine() {
  if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
}

function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
