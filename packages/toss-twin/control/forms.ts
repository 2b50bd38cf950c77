import { type Html, html } from "@/packages/local-kit/html";
import { errorCodes } from "@/packages/toss-twin/api/errors";
import { type ActiveFault, operations } from "@/packages/toss-twin/faults/rules";
import { type RegistrationRecord, webhookEvents } from "@/packages/toss-twin/store/records";
import { seoulTime } from "@/packages/toss-twin/time/seoul";
import { type World, widgetKey } from "@/packages/toss-twin/world";
import { button, section, table } from "./page-parts";
import { nextRenewalAt } from "./state";
import { faultDetail, faultKinds, faultWords, operationWords } from "./words";

const dayMs = 86_400_000;

export function faultSection(world: World): Html {
  const active = world.faults.list();
  return section(
    {
      id: "faults",
      title: "장애",
      hint: "다음 호출이나 웹훅을 일부러 망가뜨립니다. 횟수를 비우면 한 번, 상태를 바꾸는 장애는 끌 때까지입니다.",
    },
    html`${active.length === 0 ? html`<p>켜진 장애가 없습니다.</p>` : html`<ul class="faults">${active.map(faultItem)}</ul>`}
    <form class="row" data-fault>
      <label>종류 <select name="kind">${faultKinds.map(([group, kinds]) => html`<optgroup label="${group}">${kinds.map((kind) => html`<option value="${kind}">${faultWords[kind]}</option>`)}</optgroup>`)}</select></label>
      <label>호출 <select name="operation"><option value="">모든 호출</option>${operations.map((operation) => html`<option value="${operation}">${operationWords[operation]}</option>`)}</select></label>
      <label>웹훅 이벤트 <select name="event"><option value="">모든 이벤트</option>${webhookEvents.map((event) => html`<option value="${event}">${event}</option>`)}</select></label>
      <label>주문번호 <input name="orderId" maxlength="64" placeholder="모든 주문"></label>
      <label>고객 키 <input name="customerKey" maxlength="300" placeholder="모든 고객"></label>
      <label>빌링키 <input name="billingKey" maxlength="200" placeholder="모든 빌링키"></label>
      <label>횟수 <input name="times" type="number" min="1" max="1000000" placeholder="1"></label>
      <label>확률 <input name="probability" type="number" min="0.001" max="1" step="0.001" placeholder="언제나"></label>
      <label>거절 코드 <select name="code">${errorCodes.map((code) => html`<option value="${code}" ${code === "REJECT_CARD_PAYMENT" ? html`selected` : null}>${code}</option>`)}</select></label>
      <label>지연 (ms) <input name="delayMs" type="number" min="0" max="600000" value="5000"></label>
      <label>늦게 보이는 시간 (ms) <input name="lagMs" type="number" min="1" value="600000"></label>
      <label>모자란 금액 (원) <input name="byWon" type="number" min="1" value="1000"></label>
      <label>거짓 상태 <input name="status" maxlength="40" value="DONE"></label>
      <label>닫아 둘 시간 (ms) <input name="forMs" type="number" min="1" max="600000" value="5000"></label>
      <label class="check"><input name="store" type="checkbox"> 500을 멱등키에 저장</label>
      <button type="submit">장애 켜기</button>
      ${active.length === 0 ? null : button("모두 끄기", { method: "DELETE", path: "faults" })}
    </form>`,
  );
}

function faultItem(fault: ActiveFault): Html {
  const target = Object.entries(fault.match)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const count = fault.left === null ? "끌 때까지" : `${fault.left}번 남음`;
  const chance = fault.probability === undefined ? "" : ` · 확률 ${fault.probability}`;
  const all = fault.kind.startsWith("webhook-") ? "모든 웹훅" : "모든 호출";
  return html`<li><strong>${faultWords[fault.kind]}</strong> ${faultDetail(fault)} ${target || all} · ${count}${chance}
    ${button("끄기", { method: "DELETE", path: `faults/${fault.id}`, name: `${faultWords[fault.kind]} 끄기` })}</li>`;
}

export function registrationSection(world: World): Html {
  const rows = [...world.store.registrations.values()].map(registrationRow);
  return section(
    {
      id: "webhooks",
      title: "웹훅 주소",
      hint: "결제 상태가 바뀌면 여기에 알립니다. 개발자센터에서 등록하는 것과 같습니다.",
    },
    html`${rows.length === 0 ? html`<p>등록된 주소가 없습니다.</p>` : table("웹훅 주소", ["상점", "주소", "이벤트", ""], rows)}
    <form class="row" data-webhook>
      <label>상점 <select name="mId">${world.merchants.map(({ mId }) => html`<option value="${mId}">${mId}</option>`)}</select></label>
      <label>주소 <input name="url" type="url" required maxlength="2000" placeholder="http://localhost:3000/api/toss/webhook"></label>
      <label>이벤트 <select name="event"><option value="">모든 이벤트</option>${webhookEvents.map((event) => html`<option value="${event}">${event}</option>`)}</select></label>
      <button type="submit">주소 등록</button>
    </form>`,
  );
}

function registrationRow({ id, mId, url, events }: RegistrationRecord): Html {
  const words = events.length === webhookEvents.length ? "모든 이벤트" : events.join(", ");
  return html`<tr><td>${mId}</td><td><code>${url}</code></td><td>${words}</td><td>${button("지우기", { method: "DELETE", path: `webhooks/${id}`, name: `${url} 지우기` })}</td></tr>`;
}

export function settingSection(world: World): Html {
  const rows = Object.entries(world.settings).map(
    ([name, value]) => html`<tr><td><code>${name}</code></td><td>${String(value)}</td></tr>`,
  );
  const merchants = world.merchants.map(
    ({ mId, clientKey, apiVersion }) =>
      html`<tr><td>${mId}</td><td><code>${clientKey}</code> · <code>${widgetKey(clientKey)}</code> · 시크릿 키는 보이지 않습니다 · ${apiVersion}</td></tr>`,
  );
  return section(
    {
      id: "settings",
      title: "설정과 상점",
      hint: "설정은 POST /control/settings 로 바꿉니다. 내보낸 파일에는 빌링키가 그대로 들어 있습니다.",
    },
    html`${table("설정", ["이름", "값"], [...rows, ...merchants])}
    <div class="row">
      <a class="like-button" href="/control/export" download="toss-emulator-state.json">상태 내보내기</a>
      <label>상태 가져오기 <input type="file" accept="application/json,.json" data-import></label>
      ${button("모두 지우고 새로 시작", { path: "reset", question: "결제와 빌링키를 모두 지울까요?" })}
    </div>`,
  );
}

/** The clock, and where it may be moved the ways to move it. */
export function clockBar(world: World): Html {
  const now = seoulTime(world.now());
  const clock = html`<p class="clock"><time datetime="${now}" data-now="${world.now()}">${now.slice(0, 19).replace("T", " ")}</time></p>`;
  if (!world.moveClock) return clock;
  const next = nextRenewalAt(world);
  const days = next === null ? null : Math.ceil((next - world.now()) / dayMs);
  return html`<div class="time">${clock}
    <div class="row" role="group" aria-label="시계 옮기기">
      ${button("+1일", { path: "clock", body: { byMs: dayMs } })}
      ${button("+1개월", { path: "clock", body: { byMonths: 1 } })}
      ${days === null ? null : button(`다음 갱신까지 (+${days}일)`, { path: "clock", body: { toNextRenewal: true } })}
      <button type="button" data-days="365">1년</button>
    </div>
    ${world.timePage === null ? null : html`<p class="hint">예약된 일까지 제때 일어나게 하려면 <a href="${world.timePage}">앱에서 시간을 옮기세요</a>.</p>`}
    <div class="travel" role="status" data-travel hidden><progress max="365" value="0" aria-label="시계 옮기는 중"></progress> <span></span> <button type="button" data-stop>멈추기</button></div>
  </div>`;
}
