import type { RunView } from "@/packages/inngest-local/engine/run";
import type { FunctionView, RegistrationState } from "@/packages/inngest-local/server";
import { Html, html } from "@/packages/local-kit/html";

const REFRESH_SECONDS = 3;
const STATUS_WORDS: Record<RunView["status"], string> = {
  queued: "대기",
  running: "실행 중",
  completed: "완료",
  failed: "실패",
  skipped: "건너뜀",
};
const STEP_WORDS: Record<RunView["steps"][number]["status"], string> = {
  planned: "예정",
  retrying: "재시도 대기",
  waiting: "기다리는 중",
  completed: "완료",
  failed: "실패",
};

/** The page at /: functions with what starts them, and the runs, newest first. */
export function renderList(state: {
  now: string;
  registration: RegistrationState;
  functions: readonly FunctionView[];
  runs: readonly RunView[];
  /** Whether the page loads itself again and again: who reads, or listens, asks for it. */
  isLive: boolean;
}): string {
  const { registration, functions, runs, isLive } = state;
  const reloading = isLive
    ? html`${REFRESH_SECONDS}초마다 새로 고쳐요. <a href="/">멈추기</a>`
    : html`<a href="/">새로 고치기</a> · <a href="/?live">${REFRESH_SECONDS}초마다 새로 고치기</a>`;
  return layout(
    { title: "작업 실행기", isLive },
    html`<p class="dim">실행기 시각 ${toSeoul(state.now)} · ${reloading}</p>
      ${registration.error ? html`<pre class="error">등록 거부: ${registration.error}</pre>` : null}
      ${registration.registeredAt || registration.error ? null : html`<p>앱의 등록을 기다리고 있습니다.</p>`}
      <h2>함수 ${functions.length}</h2>
      <table>
        <tr><th>함수</th><th>시작 조건</th><th>다음 실행</th><th>설정</th></tr>
        ${functions.map(
          (fn) => html`<tr>
            <td>${fn.name}<br /><code class="dim">${fn.id}</code></td>
            <td>${fn.triggers.map((trigger) => html`<code>${trigger}</code><br />`)}</td>
            <td>${fn.nextFires.map(toSeoul).join(", ")}</td>
            <td>${fn.settings.map((setting) => html`<code>${setting}</code><br />`)}</td>
          </tr>`,
        )}
      </table>
      <h2>실행 ${runs.length}</h2>
      <table>
        <tr><th>상태</th><th>함수</th><th>이벤트</th><th>시작</th><th>걸린 시간</th><th>호출</th><th>단계</th></tr>
        ${runs.map(
          (run) => html`<tr>
            <td>${badge(run.status)}</td>
            <td><a href="/runs/${run.id}">${run.functionId}</a></td>
            <td><code>${run.event.name}</code></td>
            <td>${toSeoul(run.startedAt ?? run.queuedAt)}</td>
            <td>${duration(run)}</td>
            <td>${run.calls}</td>
            <td>${run.steps.map((step) => step.name).join(" → ")}</td>
          </tr>`,
        )}
      </table>`,
  );
}

/** The page of one run: its event, its steps with what they gave, and its end. */
export function renderRun(run: RunView): string {
  return layout(
    { title: run.functionId, isLive: false },
    html`<p><a href="/">← 전체</a></p>
      <p>${badge(run.status)} <code>${run.id}</code> · ${toSeoul(run.queuedAt)} · ${duration(run)} · 호출 ${run.calls}</p>
      <h2>이벤트 <code>${run.event.name}</code></h2>
      <pre>${json(run.event)}</pre>
      <h2>단계 ${run.steps.length}</h2>
      <table>
        <tr><th>단계</th><th>종류</th><th>상태</th><th>시도</th><th>끝</th><th>결과</th></tr>
        ${run.steps.map(
          (step) => html`<tr>
            <td>${step.name}</td>
            <td><code>${step.op}</code></td>
            <td>${STEP_WORDS[step.status]}</td>
            <td>${step.attempts}</td>
            <td>${step.endedAt ? toSeoul(step.endedAt) : ""}</td>
            <td>${step.error ? html`<pre class="error">${json(step.error)}</pre>` : html`<pre>${json(step.output)}</pre>`}</td>
          </tr>`,
        )}
      </table>
      <h2>결과</h2>
      ${run.error ? html`<pre class="error">${json(run.error)}</pre>` : html`<pre>${json(run.output)}</pre>`}`,
  );
}

const STYLE = new Html(`
:root{color-scheme:light dark;--dim:light-dark(#595959,#b3b3b3);--bad:light-dark(#b3001b,#ff9b9b);font:14px/1.5 system-ui,sans-serif;background:light-dark(#fff,#16181c);color:light-dark(#191f28,#e6e8eb)}a{color:light-dark(#0b57d0,#9ec1ff)}body{max-width:76rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8883}body{word-break:keep-all}th{font-weight:500;color:var(--dim);white-space:nowrap}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:24rem;overflow:auto}.error{color:var(--bad)}.dim{color:var(--dim)}
.badge{padding:.1rem .5rem;border-radius:1rem;background:#8882;white-space:nowrap}.completed{background:#2a62}.failed{background:#d333}.running{background:#27d3}
`);

function layout({ title, isLive }: { title: string; isLive: boolean }, body: Html): string {
  const reload = html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`;
  return html`<!doctype html><html lang="ko"><head><meta charset="utf-8">${isLive ? reload : null}
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${title}</title>
<style>${STYLE}</style></head><body><main><h1>inngest-local · ${title}</h1>${body}</main></body></html>`
    .text;
}

function badge(status: RunView["status"]): Html {
  return html`<span class="badge ${status}">${STATUS_WORDS[status]}</span>`;
}

function duration(run: RunView): string {
  if (!run.startedAt || !run.endedAt) return "";
  const ms = Date.parse(run.endedAt) - Date.parse(run.startedAt);
  if (ms < 1_000) return `${ms}ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)}초` : `${Math.round(ms / 60_000)}분`;
}

const seoul = new Intl.DateTimeFormat("ko-KR", {
  timeZone: "Asia/Seoul",
  dateStyle: "short",
  timeStyle: "medium",
  hourCycle: "h23",
});

function toSeoul(iso: string): string {
  return seoul.format(new Date(iso));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}`;
}
