/* The order form as it is drawn into the shop's page: a choice of methods and a box for the terms. */
import { failure, isText } from "./sdk-core.js";

const methods = [
  ["CARD", "신용·체크카드"],
  ["TRANSFER", "계좌이체"],
  ["VIRTUAL_ACCOUNT", "가상계좌"],
];

/* Draws the methods, the first of them chosen, and tells of every other choice. */
export function drawMethods(selector, choose) {
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = "결제 방법";
  group.append(legend);
  for (const [code, words] of methods) {
    const input = box("radio", words, group);
    input.name = "toss-emulator-method";
    input.value = code;
    input.checked = code === "CARD";
    input.addEventListener("change", () => choose(code));
  }
  return draw(selector, group);
}

/* Draws the box of the required terms, ticked, and tells when it changes. */
export function drawTerms(selector, agree) {
  const group = document.createElement("div");
  const input = box("checkbox", "[필수] 결제 서비스 이용 약관, 개인정보 처리 동의", group);
  input.checked = true;
  input.addEventListener("change", () => agree(input.checked));
  return draw(selector, group);
}

export function checkAgreed(isAgreed) {
  if (!isAgreed) {
    throw failure("NEED_AGREEMENT_WITH_REQUIRED_TERMS", "필수 약관에 동의해 주세요.");
  }
}

function draw(selector, drawn) {
  const place = placeOf(selector);
  place.replaceChildren(drawn);
  return { erase: () => place.replaceChildren() };
}

function placeOf(selector) {
  let place = null;
  if (isText(selector, 1, 1000)) {
    try {
      place = document.querySelector(selector);
    } catch {
      place = null;
    }
  }
  if (!place) throw failure("INVALID_SELECTOR", "selector가 가리키는 요소가 없습니다.");
  return place;
}

function box(type, words, parent) {
  const label = document.createElement("label");
  Object.assign(label.style, { display: "flex", gap: "8px", padding: "10px 0", cursor: "pointer" });
  const input = document.createElement("input");
  input.type = type;
  label.append(input, words);
  parent.append(label);
  return input;
}
