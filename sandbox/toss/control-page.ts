import type { Call } from "./call-log";
import { billingKeyView } from "./control-api";
import { errorCodes } from "./errors";
import { type ActiveFault, operations } from "./faults";
import { type Html, html } from "./html";
import { type HttpReply, htmlReply } from "./http";
import { currentPayment } from "./payments";
import { issuerNames, scenarios } from "./scenarios";
import { seoulTime } from "./seoul-time";
import type { PaymentRecord } from "./store";
import { won } from "./window-page";
import type { World } from "./world";

const shownRows = 100;

const numberColumns = new Set(["금액", "잔액", "결제 시도"]);

const statusWords: Readonly<Record<PaymentRecord["status"], string>> = {
  READY: "대기",
  IN_PROGRESS: "인증됨",
  DONE: "승인",
  CANCELED: "취소",
  PARTIAL_CANCELED: "부분 취소",
  ABORTED: "실패",
  EXPIRED: "만료",
};

const faultWords: Readonly<Record<ActiveFault["kind"], string>> = {
  "hang-up-before": "처리 전에 연결 끊기",
  "hang-up-after-execute": "처리 후에 연결 끊기",
  "500-executed": "처리 후 500 오류",
  "500-not-executed": "처리 없이 500 오류",
  delay: "늦은 응답",
  "truncated-json": "잘린 JSON",
  "html-page": "HTML 오류 화면",
  "wrong-amount": "다른 금액 승인",
  "wrong-order-id": "다른 주문번호 응답",
  decline: "거절",
  "429": "요청 과다 (429)",
  outage: "전체 장애 (503)",
};

/** In the order offered; the words above cannot carry it, since "429" sorts first in any object. */
const faultKinds: readonly ActiveFault["kind"][] = [
  "decline",
  "hang-up-after-execute",
  "hang-up-before",
  "500-executed",
  "500-not-executed",
  "delay",
  "truncated-json",
  "html-page",
  "wrong-amount",
  "wrong-order-id",
  "429",
  "outage",
];

const operationWords: Readonly<Record<(typeof operations)[number], string>> = {
  confirm: "결제 승인",
  query: "조회",
  cancel: "취소",
  "key-in": "키인 결제",
  issue: "빌링키 발급",
  "register-card": "카드 번호 등록",
  charge: "빌링키 결제",
  "delete-key": "빌링키 삭제",
  transactions: "거래 내역",
};

/** Everything the emulator knows, newest first, on one page. */
export function controlPage(world: World): string {
  return page(
    "토스페이먼츠 에뮬레이터",
    html`<header>
      <div><h1>토스페이먼츠 에뮬레이터</h1><p>실제 결제가 일어나지 않는 시험용 서버입니다.</p></div>
      <p class="clock">${dateWords(world.now())}${clockButtons(world)}</p>
    </header>
    <nav aria-label="이 화면의 내용"><a href="#calls">호출</a><a href="#payments">결제</a><a href="#billing-keys">빌링키</a><a href="#faults">장애</a><a href="#settings">설정</a></nav>
    <main>
      <p role="alert" class="problem" data-problem hidden></p>
      ${faultSection(world)}
      ${callSection(world)}
      ${paymentSection(world)}
      ${billingSection(world)}
      ${settingSection(world)}
    </main>
    <script src="/assets/control.js" defer></script>`,
  );
}

/** The buyer's slip that `receipt.url` of a payment leads to. */
export function receiptPage(world: World, paymentKey: string): HttpReply {
  const payment = world.store.payments.get(paymentKey);
  if (!payment) {
    return htmlReply(page("영수증", html`<main><h1>영수증을 찾을 수 없습니다</h1></main>`), 404);
  }
  const { card } = payment;
  const rows: readonly (readonly [string, string])[] = [
    ["상품", payment.orderName],
    ["주문번호", payment.orderId],
    ["상점", payment.mId],
    ["카드", card ? `${issuerNames[card.issuerCode] ?? card.issuerCode} ${card.number}` : "-"],
    ["상태", statusWords[payment.status]],
    ["승인 일시", payment.approvedAt === null ? "-" : dateWords(payment.approvedAt)],
    ["결제 금액", won(payment.totalAmount)],
    ["취소 금액", won(payment.totalAmount - payment.balanceAmount)],
  ];
  return htmlReply(
    page(
      "신용카드 매출전표",
      html`<main class="receipt"><h1>신용카드 매출전표</h1>
        <p>에뮬레이터가 만든 견본입니다. 실제 거래가 아닙니다.</p>
        <dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></main>`,
    ),
  );
}

function callSection(world: World): Html {
  const calls = world.calls.list().slice(0, shownRows);
  return section(
    "calls",
    "호출",
    "최근 호출이 위에 있습니다. 눌러서 요청과 응답을 봅니다.",
    calls.length === 0 ? null : html`<div class="calls">${calls.map(callItem)}</div>`,
  );
}

function callItem(call: Call): Html {
  const isFine = call.status !== null && call.status < 400;
  return html`<details class="call">
    <summary>
      <span class="status ${isFine ? "good" : "bad"}">${call.status ?? "끊김"}</span>
      <code>${call.method} ${call.path}</code>
      <span class="meta">${call.note ? html`<em>${call.note}</em> ` : null}${call.durationMs.toFixed(1)} ms · ${dateWords(call.at)}</span>
    </summary>
    <div class="sides">
      <div><h3>요청</h3><pre tabindex="0">${prettyJson(call.requestBody)}</pre></div>
      <div><h3>응답</h3><pre tabindex="0">${prettyJson(call.responseBody)}</pre></div>
    </div>
    <p class="meta">상점 ${call.mId ?? "-"} · 멱등키 ${call.idempotencyKey ?? "없음"} · 추적 ${call.traceId}</p>
  </details>`;
}

function paymentSection(world: World): Html {
  const all = [...world.store.payments.values()];
  const rows = all
    .slice(-shownRows)
    .reverse()
    .map((payment) => currentPayment(world, payment) ?? payment)
    .map(
      (payment) => html`<tr>
        <td><span class="status ${toneOf(payment.status)}">${statusWords[payment.status]}</span></td>
        <td>${payment.orderName}<br><code>${payment.orderId}</code></td>
        <td class="number">${won(payment.totalAmount)}</td>
        <td class="number">${won(payment.balanceAmount)}</td>
        <td>${payment.card ? payment.card.number : "-"}</td>
        <td>${dateWords(payment.approvedAt ?? payment.requestedAt)}</td>
        <td><a href="/receipt/${payment.paymentKey}">영수증</a></td>
      </tr>`,
    );
  const head = ["상태", "주문", "금액", "잔액", "카드", "일시", "영수증"];
  return section(
    "payments",
    `결제 ${all.length}건`,
    "승인, 취소, 만료된 결제입니다.",
    rows.length === 0 ? null : table(head, rows),
  );
}

function toneOf(status: PaymentRecord["status"]): string {
  if (status === "READY" || status === "IN_PROGRESS") return "";
  return status === "ABORTED" || status === "EXPIRED" ? "bad" : "good";
}

function billingSection(world: World): Html {
  const all = [...world.store.billings.values()];
  const rows = all
    .slice(-shownRows)
    .reverse()
    .map((billing) => {
      const view = billingKeyView(billing);
      return html`<tr>
        <td><span class="status ${view.removedAt ? "bad" : "good"}">${view.removedAt ? "삭제됨" : "사용 중"}</span></td>
        <td><code>${view.maskedKey}</code></td>
        <td><code>${view.customerKey}</code></td>
        <td>${scenarios[billing.scenario].label}<br>${issuerNames[view.issuerCode] ?? view.issuerCode} ${view.number}</td>
        <td class="number">${view.attempts}</td>
        <td>${dateWords(billing.authenticatedAt)}</td>
        <td>${view.removedAt ? null : button("삭제", "POST", "delete-billing-key", { id: view.id })}</td>
      </tr>`;
    });
  const head = ["상태", "빌링키", "고객 키", "카드", "결제 시도", "등록 일시", ""];
  return section(
    "billing-keys",
    `빌링키 ${all.length}개`,
    "등록된 카드입니다. 여기서 지우면 토스에서 지워진 것과 같습니다.",
    rows.length === 0 ? null : table(head, rows),
  );
}

function faultSection(world: World): Html {
  const active = world.faults.list();
  return section(
    "faults",
    "장애",
    "다음 호출을 일부러 망가뜨립니다.",
    html`${active.length === 0 ? html`<p>켜진 장애가 없습니다.</p>` : html`<ul class="faults">${active.map(faultItem)}</ul>`}
    <form class="row" data-fault>
      <label>종류 <select name="kind">${faultKinds.map((kind) => html`<option value="${kind}">${faultWords[kind]}</option>`)}</select></label>
      <label>호출 <select name="operation"><option value="">모든 호출</option>${operations.map((operation) => html`<option value="${operation}">${operationWords[operation]}</option>`)}</select></label>
      <label>주문번호 <input name="orderId" maxlength="64" placeholder="모든 주문"></label>
      <label>횟수 <input name="times" type="number" min="1" max="1000000" placeholder="1"></label>
      <label>거절 코드 <select name="code">${errorCodes.map((code) => html`<option value="${code}" ${code === "REJECT_CARD_PAYMENT" ? html`selected` : null}>${code}</option>`)}</select></label>
      <label>지연 (ms) <input name="delayMs" type="number" min="0" max="600000" value="5000"></label>
      <button type="submit">장애 켜기</button>
      ${active.length === 0 ? null : button("모두 끄기", "DELETE", "faults", {})}
    </form>`,
  );
}

function faultItem(fault: ActiveFault): Html {
  const target = Object.entries(fault.match)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const count = fault.left === null ? "끌 때까지" : `${fault.left}번 남음`;
  const chance = fault.probability === undefined ? "" : ` · 확률 ${fault.probability}`;
  return html`<li><strong>${faultWords[fault.kind]}</strong> ${target || "모든 호출"} · ${count}${chance}
    ${button("끄기", "DELETE", `faults/${fault.id}`, {})}</li>`;
}

function settingSection(world: World): Html {
  const rows = Object.entries(world.settings).map(
    ([name, value]) => html`<tr><td><code>${name}</code></td><td>${String(value)}</td></tr>`,
  );
  const merchants = world.merchants.map(
    ({ mId, clientKey, apiVersion }) =>
      html`<tr><td>${mId}</td><td><code>${clientKey}</code> · 시크릿 키는 보이지 않습니다 · ${apiVersion}</td></tr>`,
  );
  return section(
    "settings",
    "설정과 상점",
    "설정은 POST /control/settings 로 바꿉니다.",
    html`${table(["이름", "값"], [...rows, ...merchants])}
    <p>${button("모두 지우고 새로 시작", "POST", "reset", {}, "결제와 빌링키를 모두 지울까요?")}</p>`,
  );
}

function clockButtons(world: World): Html | null {
  if (!world.ownsClock) return null;
  const dayMs = 86_400_000;
  return html` ${button("+1일", "POST", "clock", { byMs: dayMs })} ${button("+30일", "POST", "clock", { byMs: 30 * dayMs })}`;
}

function button(label: string, method: string, path: string, body: object, question = ""): Html {
  return html`<button type="button" data-method="${method}" data-call="${path}" data-body="${JSON.stringify(body)}" data-question="${question}">${label}</button>`;
}

function section(id: string, title: string, hint: string, body: Html | null): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2><p class="hint">${hint}</p>
    ${body ?? html`<p class="empty">아직 아무것도 없습니다.</p>`}
  </section>`;
}

function table(head: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0"><table>
    <thead><tr>${head.map((name) => html`<th scope="col" class="${numberColumns.has(name) ? "number" : ""}">${name}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/assets/control.css">
<link rel="icon" href="data:,">
</head>
<body>${body}</body>
</html>`.text;
}

function dateWords(epochMs: number): string {
  return seoulTime(epochMs).slice(0, 19).replace("T", " ");
}

function prettyJson(text: string): string {
  if (text === "") return "(비어 있음)";
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.slice(0, 20_000);
  }
}
