const ko = {
  title: "화면을 보여 드리지 못했어요",
  body: "저희 쪽 문제예요. 잠시 뒤 다시 열어 주세요. 결제 중이었다면 결제는 한 번만 처리되니 안심하고 내 구독에서 확인해 주세요.",
  retry: "다시 열기",
  account: "내 구독 보기",
  code: "문의할 때 알려 주실 번호",
};

const en: typeof ko = {
  title: "We could not show this page",
  body: "The fault is ours. Please open it again in a moment. If you were paying: a payment is made only once, and you can check it in your subscription.",
  retry: "Open again",
  account: "My subscription",
  code: "Tell us this number when you write",
};

export const errorText = { ko, en };
