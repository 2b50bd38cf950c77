import { type Html, html } from "@/packages/local-kit/html";
import { bankName, virtualAccountBanks } from "@/packages/toss-twin/api/banks";
import {
  accountFace,
  issuerNames,
  type Scenario,
  scenarioKeys,
  scenarios,
} from "@/packages/toss-twin/faults/scenarios";
import type { PaymentRecord, WindowRecord } from "@/packages/toss-twin/store/records";
import { failCodes } from "./ends";

/** The hosted window: cards to choose from instead of card fields, so that no card data is ever typed. */
export function windowPage(window: WindowRecord, payment: PaymentRecord | null): string {
  const registration = window.method === "transfer" ? "계좌 등록하기" : "카드 등록하기";
  const title = payment ? "결제하기" : registration;
  const button = payment ? buttonWords(window, payment) : registration;
  return document(
    title,
    html`<main class="sheet" data-window="${window.id}" data-target="${window.target}" data-opener="${window.opener}" tabindex="-1">
      <header class="bar">
        <p class="brand">결제창 <span class="badge">에뮬레이터 · 실제 결제 아님</span></p>
        <button type="button" class="close" data-close aria-label="닫기"><span aria-hidden="true">×</span></button>
      </header>
      <form data-finish novalidate>
        <section class="order" aria-label="주문 정보">
          ${payment ? orderSummary(payment) : registrationSummary(window)}
        </section>
        ${choices(window)}
        <details class="failure">
          <summary>실패를 시험하기</summary>
          <label for="fail-code">실패 코드</label>
          <div class="row">
            <select id="fail-code" data-fail-code>${failCodes.map((code) => html`<option value="${code}">${code}</option>`)}</select>
            <button type="button" class="secondary" data-fail>실패시키기</button>
          </div>
        </details>
        <p class="problem" role="alert" data-problem hidden></p>
        <footer class="finish"><button type="submit" class="primary">${button}</button></footer>
      </form>
    </main>
    <script src="/assets/window.js" defer></script>`,
  );
}

/** What is left of a window that ended, expired, or never was. */
export function endedWindowPage(): string {
  return document(
    "끝난 결제창",
    html`<main class="sheet ended">
      <p class="brand">결제창 <span class="badge">에뮬레이터 · 실제 결제 아님</span></p>
      <h1>이미 끝났거나 시간이 지난 결제창입니다</h1>
      <p class="hint">상점 화면으로 돌아가 다시 시도해 주세요.</p>
    </main>`,
  );
}

export function won(amount: number): string {
  return `${amount.toLocaleString("ko-KR")}원`;
}

function orderSummary(payment: PaymentRecord): Html {
  return html`<h1>${payment.orderName}</h1>
    <p class="amount">${won(payment.totalAmount)}</p>
    <p class="hint">주문번호 ${payment.orderId}</p>`;
}

function registrationSummary(window: WindowRecord): Html {
  const thing = window.method === "transfer" ? "계좌" : "카드";
  return html`<h1>정기결제 ${thing} 등록</h1>
    <p class="hint">${window.mId}에서 앞으로의 결제에 쓸 ${thing}를 등록합니다. 등록만으로는 결제되지 않습니다.</p>`;
}

function buttonWords(window: WindowRecord, payment: PaymentRecord): string {
  return window.method === "virtual-account"
    ? "가상계좌 발급받기"
    : `${won(payment.totalAmount)} 결제하기`;
}

function choices(window: WindowRecord): Html {
  if (window.method === "virtual-account") return bankField();
  const isAccount = window.method === "transfer";
  const thing = isAccount ? "계좌" : "카드";
  const particle = isAccount ? "계좌로" : "카드로";
  return html`<fieldset>
    <legend>어떤 ${particle} 할까요?</legend>
    <p class="hint">시험용 ${thing}입니다. ${thing}마다 결제 결과가 다릅니다.</p>
    <ul class="cards">${scenarioKeys.map((key, index) => choice(scenarios[key], index === 0, isAccount))}${window.method === "any" ? otherMethods() : null}</ul>
  </fieldset>`;
}

function bankField(): Html {
  return html`<fieldset>
    <legend>어느 은행으로 입금할까요?</legend>
    <p class="hint">발급받은 계좌의 입금은 에뮬레이터 화면의 입금 버튼으로 합니다.</p>
    <p class="row"><select name="bank" aria-label="은행">${virtualAccountBanks.map((code) => html`<option value="${code}">${bankName(code)}은행</option>`)}</select></p>
  </fieldset>`;
}

/** Where the shop leaves the method open. */
function otherMethods(): Html {
  const others = [
    ["transfer", "계좌이체", "은행 계좌에서 바로 결제합니다."],
    ["virtual-account", "가상계좌", "발급받은 계좌에 입금하면 결제됩니다."],
  ] as const;
  return html`${others.map(
    ([method, label, hint]) => html`<li>
    <label class="card">
      <input type="radio" name="scenario" value="normal" data-method="${method}" aria-labelledby="name-${method}" aria-describedby="hint-${method}">
      <span class="what"><strong id="name-${method}">${label}</strong> <span id="hint-${method}" class="hint">${hint}</span></span>
    </label>
  </li>`,
  )}`;
}

function choice(scenario: Scenario, isFirst: boolean, isAccount: boolean): Html {
  const { key, card } = scenario;
  const account = accountFace(key);
  const issuer = isAccount
    ? bankName(account.bankCode)
    : (issuerNames[card.issuerCode] ?? card.issuerCode);
  const face = isAccount
    ? `${issuer} ${account.number}`
    : `${issuer} ${card.cardType} ${card.number}`;
  const [label, hint] = [scenario.label, scenario.hint].map((text) =>
    isAccount ? text.replaceAll("카드", "계좌") : text,
  );
  return html`<li>
    <label class="card">
      <input type="radio" name="scenario" value="${key}" ${isFirst ? html`checked` : null} aria-labelledby="name-${key}" aria-describedby="hint-${key}">
      <span class="issuer issuer-${card.issuerCode}" aria-hidden="true">${issuer.slice(0, 2)}</span>
      <span class="what">
        <strong id="name-${key}">${label ?? ""}</strong>
        <span id="hint-${key}" class="hint">${hint ?? ""}<br><span class="number">${face}</span></span>
      </span>
    </label>
  </li>`;
}

function document(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · 결제창 에뮬레이터</title>
<link rel="stylesheet" href="/assets/window.css">
<link rel="icon" href="data:,">
</head>
<body>${body}</body>
</html>`.text;
}
