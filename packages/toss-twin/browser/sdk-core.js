/* What all scripts of the browser SDK share: opening the window, waiting for its end, and small checks. */
const serverUrl = new URL(document.currentScript.src).origin;
const ids = {
  iframe: "___tosspayments_iframe___",
  loading: "___tosspayments_iframe__loading___",
  dimmer: "___tosspayments_dimmer___",
  form: "___tosspayments_form___",
};
const userCancel = { code: "USER_CANCEL", message: "취소되었습니다." };
/* Ends the window that is open, for the reason given to it; null when none is. */
let opened = null;

/* Resolves with what the buyer agreed to, or never, when the page moves on to the shop's own addresses. */
export async function openWindow(request) {
  const frame = request.target === "iframe" ? showFrame() : null;
  let givenUp = null;
  const giveUp = (reason = userCancel) => {
    givenUp = reason;
    opened = null;
    frame.remove();
  };
  if (frame) opened = giveUp;
  try {
    const answer = await createWindow(request);
    if (givenUp) throw givenUp;
    if (frame) return await waitInFrame(frame, answer);
    location.assign(answer.url);
    return await new Promise(() => {});
  } catch (error) {
    frame?.remove();
    throw givenUp ? failure(givenUp.code, givenUp.message) : error;
  } finally {
    // By now another window may be the open one.
    if (opened === giveUp) opened = null;
  }
}

export function isWindowOpen() {
  return opened !== null;
}

/* The open window ends as if its buyer had closed it, or with another reason. */
export function closeWindow(reason) {
  opened?.(reason);
}

export function isNarrow() {
  return (
    window.matchMedia("(max-width: 767px)").matches || /Mobi|Android/i.test(navigator.userAgent)
  );
}

export function isMissing(value) {
  return value === undefined || value === null;
}

export function isText(value, min, max) {
  return typeof value === "string" && value.length >= min && value.length <= max;
}

export function isWebUrl(value) {
  return isText(value, 1, 2000) && /^https?:\/\//i.test(value) && URL.canParse(value);
}

export function isOrderId(value) {
  return isText(value, 6, 64) && /^[A-Za-z0-9_=-]+$/.test(value);
}

export function isMetadata(metadata) {
  if (isMissing(metadata)) return true;
  const pairs = typeof metadata === "object" ? Object.entries(metadata) : [];
  return (
    typeof metadata === "object" &&
    pairs.length <= 5 &&
    pairs.every(
      ([name, value]) => isText(name, 1, 40) && !/[[\]]/.test(name) && isText(value, 0, 2000),
    )
  );
}

export function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

export function checkNoSecret(key) {
  if (/^(test|live)_g?sk_/.test(key)) {
    throw failure(
      "INSECURE_KEY_USAGE",
      "시크릿 키를 브라우저에서 쓰면 안 됩니다. 클라이언트 키를 넣어주세요.",
    );
  }
}

/* Sets the global at once and announces it, as the older loader waits for the announcement. */
export function announce(name, connect) {
  window[name] = connect;
  window.dispatchEvent(new Event(`TossPayments:initialize:${name}`));
}

async function createWindow(request) {
  let response;
  try {
    response = await fetch(`${serverUrl}/sdk/windows`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  } catch {
    throw failure("NETWORK_ERROR", "결제 서버에 연결할 수 없습니다.");
  }
  const answer = await response.json().catch(() => null);
  if (!answer) throw failure("UNKNOWN", "결제 서버가 응답하지 않습니다.");
  if (!response.ok) throw failure(answer.code, answer.message);
  return answer;
}

function waitInFrame(frame, { id, url }) {
  return new Promise((resolve, reject) => {
    function settle(result) {
      window.removeEventListener("message", receive);
      opened = null;
      frame.remove();
      if (result.kind === "redirect") location.assign(result.url);
      else if (result.kind === "resolve") resolve(result.value);
      else reject(failure(result.code, result.message));
    }
    function receive(event) {
      if (event.origin !== serverUrl || event.source !== frame.iframe.contentWindow) return;
      if (event.data?.source === "toss-emulator" && event.data.windowId === id) {
        settle(event.data.result);
      }
    }
    window.addEventListener("message", receive);
    opened = (reason = userCancel) => settle({ kind: "reject", ...reason });
    frame.iframe.src = url;
  });
}

function showFrame() {
  const focused = document.activeElement;
  const overflow = document.documentElement.style.overflow;
  const dimmer = element("div", ids.dimmer, {
    position: "fixed",
    inset: "0",
    zIndex: "2147483646",
    display: "grid",
    placeItems: "center",
    background: "rgba(0, 0, 0, 0.5)",
  });
  dimmer.setAttribute("role", "dialog");
  dimmer.setAttribute("aria-modal", "true");
  dimmer.setAttribute("aria-label", "결제창");
  dimmer.tabIndex = -1;
  // Keys pressed before the window has loaded are heard here, later ones in the window itself.
  dimmer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeWindow();
  });
  const loading = element("p", ids.loading, {
    position: "absolute",
    margin: "0",
    color: "#fff",
    font: "16px sans-serif",
  });
  loading.textContent = "결제창을 여는 중입니다…";
  const form = element("form", ids.form, { display: "none" });
  const iframe = element("iframe", ids.iframe, {
    position: "relative",
    width: "min(560px, 100vw)",
    height: "min(760px, 100vh)",
    border: "0",
    borderRadius: "20px",
    background: "#fff",
    visibility: "hidden",
  });
  iframe.title = "결제창";
  iframe.addEventListener("load", () => {
    if (!iframe.src) return;
    loading.remove();
    iframe.style.visibility = "visible";
    iframe.focus();
  });
  dimmer.append(loading, form, iframe);
  document.body.append(dimmer);
  const behind = [...document.body.children].filter((one) => one !== dimmer && !one.inert);
  for (const one of behind) one.inert = true;
  dimmer.focus();
  document.documentElement.style.overflow = "hidden";
  return {
    iframe,
    remove() {
      dimmer.remove();
      for (const one of behind) one.inert = false;
      document.documentElement.style.overflow = overflow;
      if (focused instanceof HTMLElement) focused.focus();
    },
  };
}

function element(name, id, style) {
  document.getElementById(id)?.remove();
  const made = document.createElement(name);
  made.id = id;
  Object.assign(made.style, style);
  return made;
}
