import { type Html, html } from "./html";
import type { PaymentRecord, WindowRecord } from "./records";
import { issuerNames, type Scenario, scenarioKeys, scenarios } from "./scenarios";
import { failCodes } from "./window-ends";

/** The hosted window: cards to choose from instead of card fields, so that no card data is ever typed. */
export function windowPage(window: WindowRecord, payment: PaymentRecord | null): string {
  const title = payment ? "결제하기" : "카드 등록하기";
  const button = payment ? `${won(payment.totalAmount)} 결제하기` : "카드 등록하기";
  return document(
    title,
    html`<main class="sheet" data-window="${window.id}" data-target="${window.target}" data-opener="${window.opener}">
      <header class="bar">
        <p class="brand">결제창 <span class="badge">에뮬레이터 · 실제 결제 아님</span></p>
        <button type="button" class="close" data-close aria-label="닫기"><span aria-hidden="true">×</span></button>
      </header>
      <form data-finish novalidate>
        <section class="order" aria-label="주문 정보">
          ${payment ? orderSummary(payment) : registrationSummary(window)}
        </section>
        <fieldset>
          <legend>어떤 카드로 할까요?</legend>
          <p class="hint">시험용 카드입니다. 카드마다 결제 결과가 다릅니다.</p>
          <ul class="cards">${scenarioKeys.map((key, index) => cardChoice(scenarios[key], index === 0))}</ul>
        </fieldset>
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
  return html`<h1>정기결제 카드 등록</h1>
    <p class="hint">${window.mId}에서 앞으로의 결제에 쓸 카드를 등록합니다. 등록만으로는 결제되지 않습니다.</p>`;
}

function cardChoice(scenario: Scenario, isFirst: boolean): Html {
  const { key, label, hint, card } = scenario;
  const issuer = issuerNames[card.issuerCode] ?? card.issuerCode;
  return html`<li>
    <label class="card">
      <input type="radio" name="scenario" value="${key}" ${isFirst ? html`checked` : null} aria-labelledby="name-${key}" aria-describedby="hint-${key}">
      <span class="issuer issuer-${card.issuerCode}" aria-hidden="true">${issuer.slice(0, 2)}</span>
      <span class="what">
        <strong id="name-${key}">${label}</strong>
        <span id="hint-${key}" class="hint">${hint}<br><span class="number">${issuer} ${card.cardType} ${card.number}</span></span>
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
