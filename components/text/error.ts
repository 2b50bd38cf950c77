const ko = {
  title: "화면을 보여 드리지 못했어요",
  body: "저희 쪽 문제예요. 잠시 뒤 다시 열어 주세요. 결제 중이었다면 결제는 한 번만 처리되니 안심하고 내 구독에서 확인해 주세요.",
  retry: "다시 열기",
  account: "내 구독 보기",
  code: "문의할 때 알려 주실 번호",
  lost: {
    title: "연결이 끊겼어요",
    notSent: "인터넷에 연결되어 있지 않아 보내지 못했어요. 바뀐 것은 없어요.",
    unknown:
      "누르신 것이 처리됐는지 아직 몰라요. 다시 연결되면 지금 상태를 보여 드릴게요. 처리됐다면 한 번만 처리됐어요.",
    ask: "지금 상태 확인하기",
    asking: "확인하는 중이에요",
    seenTitle: "다시 연결됐어요",
    seen: "이 화면이 지금 상태예요. 아직 되지 않았다면 다시 눌러 주세요.",
  },
};

const en: typeof ko = {
  title: "We could not show this page",
  body: "The fault is ours. Please open it again in a moment. If you were paying: a payment is made only once, and you can check it in your subscription.",
  retry: "Open again",
  account: "My subscription",
  code: "Tell us this number when you write",
  lost: {
    title: "The connection was lost",
    notSent: "You are not online, so nothing was sent and nothing has changed.",
    unknown:
      "We do not know yet whether it went through. Once you are online again, this page shows how things stand. If it went through, it did so once.",
    ask: "See how things stand",
    asking: "Looking",
    seenTitle: "You are online again",
    seen: "This page shows how things stand now. If it is not done yet, please press again.",
  },
};

export const errorText = { ko, en };
