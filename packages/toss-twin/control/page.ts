import { html } from "@/packages/local-kit/html";
import type { World } from "@/packages/toss-twin/world";
import { clockBar, faultSection, registrationSection, settingSection } from "./forms";
import { billingSection, callSection, deliverySection, paymentSection } from "./lists";
import { page } from "./page-parts";

/** Everything the emulator knows, newest first, on one page; narrowed to what holds the searched text. */
export function controlPage(world: World, query: URLSearchParams): string {
  const wanted = (query.get("q") ?? "").trim();
  return page(
    "토스페이먼츠 에뮬레이터",
    html`<header>
      <div><h1>토스페이먼츠 에뮬레이터</h1><p>실제 결제가 일어나지 않는 시험용 서버입니다.</p></div>
      ${clockBar(world)}
    </header>
    <nav aria-label="이 화면의 내용"><a href="#calls">호출</a><a href="#payments">결제</a><a href="#billing-keys">빌링키</a><a href="#deliveries">웹훅</a><a href="#faults">장애</a><a href="#webhooks">웹훅 주소</a><a href="#settings">설정</a></nav>
    <search><form class="row" method="get" action="/">
      <label>주문번호, 고객 키, 결제 키로 찾기 <input type="search" name="q" value="${wanted}" maxlength="300"></label>
      <button type="submit">찾기</button>
      ${wanted === "" ? null : html`<a class="like-button" href="/">전체 보기</a>`}
    </form></search>
    <main>
      <p role="alert" class="problem" data-problem hidden></p>
      ${wanted === "" ? faultSection(world) : html`<p class="searched">‘${wanted}’에 관한 것만 보입니다.</p>`}
      ${callSection(world, wanted)}
      ${paymentSection(world, wanted)}
      ${billingSection(world, wanted)}
      ${deliverySection(world, wanted)}
      ${wanted === "" ? registrationSection(world) : null}
      ${wanted === "" ? settingSection(world) : null}
    </main>
    <script src="/assets/control.js" defer></script>`,
  );
}
