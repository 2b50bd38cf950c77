import { type Html, html } from "@/packages/local-kit/html";
import { errorMessage, isErrorCode } from "@/packages/toss-twin/api/errors";
import { currentPayment } from "@/packages/toss-twin/api/payments";
import { findRoute } from "@/packages/toss-twin/api/routes";
import {
  issuerNames,
  type ScenarioKey,
  scenarioKeys,
  scenarios,
} from "@/packages/toss-twin/faults/scenarios";
import type { Call } from "@/packages/toss-twin/http/call-log";
import { maskKey } from "@/packages/toss-twin/ids";
import type {
  BillingRecord,
  DeliveryRecord,
  PaymentRecord,
} from "@/packages/toss-twin/store/records";
import { won } from "@/packages/toss-twin/window/page";
import { methodWords } from "@/packages/toss-twin/window/receipt-page";
import type { World } from "@/packages/toss-twin/world";
import { button, dateWords, prettyJson, section, table } from "./page-parts";
import { billingKeyView } from "./state";
import { deliveryView } from "./webhooks";
import { deliveryWords, operationWords, statusWords } from "./words";

const shownRows = 100;

function nothing(wanted: string): Html {
  const words = wanted === "" ? "아직 아무것도 없습니다." : "찾는 것이 없습니다.";
  return html`<p class="empty">${words}</p>`;
}

/** The newest entries of a map that `isWanted`, without a copy of the whole. */
function newest<Value>(
  map: ReadonlyMap<string, Value>,
  isWanted: (value: Value) => boolean,
): Value[] {
  const found: Value[] = [];
  for (const value of map.values()) {
    if (!isWanted(value)) continue;
    found.push(value);
    if (found.length >= 2 * shownRows) found.splice(0, shownRows);
  }
  return found.slice(-shownRows).reverse();
}

export function callSection(world: World, wanted: string): Html {
  const calls = world.calls
    .list()
    .filter((call) =>
      [call.path, call.requestBody, call.responseBody, call.note].join().includes(wanted),
    )
    .slice(0, shownRows);
  return section(
    {
      id: "calls",
      title: "호출",
      hint: "최근 호출이 위에 있습니다. 눌러서 요청과 응답을 봅니다. 실패한 호출은 따로 오래 남고, 에뮬레이터를 끄면 모두 사라집니다.",
    },
    calls.length === 0 ? nothing(wanted) : html`<div class="calls">${calls.map(callItem)}</div>`,
  );
}

function callItem(call: Call): Html {
  const isFine = call.status !== null && call.status < 400;
  const operation = findRoute(call.method, call.path)?.operation;
  const request = fieldsOf(call.requestBody);
  const amount = typeof request.amount === "number" ? won(request.amount) : null;
  return html`<details class="call">
    <summary>
      <span class="status ${isFine ? "good" : "bad"}">${call.status ?? "끊김"}</span>
      <strong>${operation ? operationWords[operation] : "없는 주소"}</strong>
      <span>${typeof request.orderId === "string" ? html`<code>${request.orderId}</code> ` : null}${amount}</span>
      <span class="meta">${call.note ? html`<em>${call.note}</em> · ` : null}${call.durationMs.toFixed(1)} ms · ${dateWords(call.at)}</span>
      ${isFine ? null : html`<span class="why">${whyOf(call)}</span>`}
    </summary>
    <p class="meta"><code>${call.method} ${call.path}</code> · 상점 ${call.mId ?? "-"} · 멱등키 ${call.idempotencyKey ?? "없음"} · 추적 ${call.traceId}</p>
    <div class="sides">
      <div><h3>요청</h3><pre tabindex="0">${prettyJson(call.requestBody)}</pre></div>
      <div><h3>응답</h3><pre tabindex="0">${prettyJson(call.responseBody)}</pre></div>
    </div>
  </details>`;
}

/** Why a call failed, in a sentence a person can act on. */
function whyOf(call: Call): string {
  if (call.status === null) {
    return call.note?.includes("before") === true
      ? "처리하지 않고 연결을 끊었습니다."
      : "처리했지만 응답 없이 연결을 끊었습니다. 돈이 움직였을 수 있습니다.";
  }
  const { code } = fieldsOf(call.responseBody);
  if (typeof code !== "string" || !isErrorCode(code)) return "JSON이 아닌 오류 화면을 보냈습니다.";
  const isExecuted = call.note?.includes("500-executed") === true;
  return `${code} · ${errorMessage(code, "ko")}${isExecuted ? " (오류를 보냈지만 결제는 되었습니다.)" : ""}`;
}

export function paymentSection(world: World, wanted: string): Html {
  const isWanted = (payment: PaymentRecord) =>
    wanted === "" ||
    [payment.orderId, payment.paymentKey, payment.customerKey, payment.orderName]
      .join()
      .includes(wanted);
  const rows = newest(world.store.payments, isWanted)
    .map((payment) => currentPayment(world, payment) ?? payment)
    .map(paymentRow);
  const head = ["상태", "주문", "금액", "잔액", "수단", "고객", "일시", ""];
  return section(
    {
      id: "payments",
      title: `결제 ${world.store.payments.size}건`,
      hint: "승인, 취소, 만료된 결제와 입금을 기다리는 가상계좌입니다. 거절된 정기결제는 결제로 남지 않으니 호출에서 찾습니다.",
    },
    rows.length === 0 ? nothing(wanted) : table("결제", head, rows),
  );
}

function paymentRow(payment: PaymentRecord): Html {
  const { orderId, paymentKey, customerKey } = payment;
  return html`<tr>
    <td><span class="status ${toneOf(payment.status)}">${statusWords[payment.status]}</span>${payment.failure ? html`<br><span class="meta">${payment.failure}</span>` : null}</td>
    <td>${payment.orderName}<br>${searchLink(orderId)}</td>
    <td class="number">${won(payment.totalAmount)}</td>
    <td class="number">${won(payment.balanceAmount)}</td>
    <td>${methodWords(payment)}</td>
    <td>${customerKey ? searchLink(customerKey) : "-"}</td>
    <td>${dateWords(payment.approvedAt ?? payment.requestedAt)}</td>
    <td class="actions"><a href="/receipt/${paymentKey}">영수증</a>
      ${payment.status === "WAITING_FOR_DEPOSIT" ? button("입금", { path: "deposit", body: { paymentKey }, name: `${orderId} 입금` }) : null}
      ${payment.status === "DONE" && payment.virtualAccount ? button("입금 오류", { path: "deposit-error", body: { paymentKey }, name: `${orderId} 입금 오류` }) : null}</td>
  </tr>`;
}

function toneOf(status: PaymentRecord["status"]): string {
  if (status === "READY" || status === "IN_PROGRESS" || status === "WAITING_FOR_DEPOSIT") return "";
  return status === "ABORTED" || status === "EXPIRED" ? "bad" : "good";
}

export function billingSection(world: World, wanted: string): Html {
  const isWanted = (billing: BillingRecord) =>
    wanted === "" ||
    [billing.customerKey, billing.billingKey, maskKey(billing.billingKey)].join().includes(wanted);
  const rows = newest(world.store.billings, isWanted).map(billingRow);
  const head = ["상태", "빌링키", "고객 키", "카드", "결제 시도", "등록 / 마지막 결제", ""];
  return section(
    {
      id: "billing-keys",
      title: `빌링키 ${world.store.billings.size}개`,
      hint: "등록된 카드입니다. 카드의 성격을 바꾸면 다음 결제부터 그렇게 됩니다. 여기서 지우면 토스에서 지워진 것과 같습니다.",
    },
    rows.length === 0 ? nothing(wanted) : table("빌링키", head, rows),
  );
}

function billingRow(billing: BillingRecord): Html {
  const view = billingKeyView(billing);
  const { lastChargedAt } = billing;
  return html`<tr>
    <td><span class="status ${view.removedAt ? "bad" : "good"}">${view.removedAt ? "삭제됨" : "사용 중"}</span>${billing.removedAt === null ? null : html`<br><span class="meta">${dateWords(billing.removedAt)}</span>`}</td>
    <td><code>${view.maskedKey}</code></td>
    <td>${searchLink(view.customerKey)}</td>
    <td>${view.removedAt ? scenarios[billing.scenario].label : scenarioSelect(view.id, view.maskedKey, billing.scenario)}<br>${issuerNames[view.issuerCode] ?? view.issuerCode} ${view.number}</td>
    <td class="number">${view.attempts}</td>
    <td>${dateWords(billing.authenticatedAt)}<br>${lastChargedAt === null ? "-" : dateWords(lastChargedAt)}</td>
    <td>${view.removedAt ? null : button("삭제", { path: "delete-billing-key", body: { id: view.id }, name: `${view.maskedKey} 삭제` })}</td>
  </tr>`;
}

function scenarioSelect(id: string, maskedKey: string, current: ScenarioKey): Html {
  return html`<select data-card="${id}" aria-label="${maskedKey} 카드의 성격">${scenarioKeys.map((key) => html`<option value="${key}" ${key === current ? html`selected` : null}>${scenarios[key].label}</option>`)}</select>`;
}

export function deliverySection(world: World, wanted: string): Html {
  const isWanted = (delivery: DeliveryRecord) =>
    wanted === "" ||
    [delivery.orderId, delivery.customerKey, delivery.body, delivery.event].join().includes(wanted);
  const items = newest(world.store.deliveries, isWanted).map(deliveryItem);
  return section(
    {
      id: "deliveries",
      title: `웹훅 ${world.store.deliveries.size}건`,
      hint: "보낸 웹훅과 보낼 웹훅입니다. 200 응답이 없으면 1, 4, 16 … 4096분 뒤에 일곱 번까지 다시 보냅니다.",
    },
    items.length === 0 ? nothing(wanted) : html`<div class="calls">${items}</div>`,
  );
}

function deliveryItem(delivery: DeliveryRecord): Html {
  const { attempts, dueAt, state, note } = delivery;
  const last = attempts.at(-1);
  const tone =
    state === "delivered" ? "good" : state === "pending" || state === "held" ? "" : "bad";
  const plan = dueAt === null ? "" : ` · 다음 ${dateWords(dueAt)}`;
  const tries = attempts.map(
    ({ at, status, problem, durationMs }) =>
      html`<li>${dateWords(at)} · ${status ?? "응답 없음"} ${problem} · ${durationMs.toFixed(0)} ms</li>`,
  );
  return html`<details class="call">
    <summary>
      <span class="status ${tone}">${deliveryWords[state]}</span>
      <strong>${delivery.event}</strong>
      <span>${delivery.orderId ? html`<code>${delivery.orderId}</code>` : null}</span>
      <span class="meta">${note ? html`<em>${note}</em> · ` : null}${attempts.length}번 시도${plan} · ${dateWords(delivery.createdAt)}</span>
      ${last && last.status !== 200 ? html`<span class="why">${last.status ?? ""} ${last.problem ?? "200이 아닌 응답입니다."}</span>` : null}
    </summary>
    <p class="meta">${delivery.url} · <code>${delivery.transmissionId}</code></p>
    <div class="sides">
      <div><h3>본문</h3><pre tabindex="0">${prettyJson(deliveryView(delivery).body)}</pre></div>
      <div><h3>시도</h3><ol>${tries}</ol>${button("다시 보내기", { path: `deliveries/${delivery.id}/resend`, name: `${delivery.event} 다시 보내기` })}</div>
    </div>
  </details>`;
}

function searchLink(text: string): Html {
  return html`<a href="/?q=${encodeURIComponent(text)}"><code>${text}</code></a>`;
}

function fieldsOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
