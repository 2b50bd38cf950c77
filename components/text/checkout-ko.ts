import { WITHDRAWAL_DAYS } from "@/lib/billing/policy";

export const checkoutKo = {
  title: "주문 확인",
  lead: "결제하기 전에 한 번 더 확인해 주세요. 아직 아무것도 결제되지 않았어요.",
  intervals: { month: "월간 구독", quarter: "분기 구독", year: "연간 구독" },
  every: { month: "매달", quarter: "3개월마다", year: "해마다" },
  once: "한 번 결제",
  todayTotal: "오늘 결제할 금액",
  vatIncluded: "부가세 포함",
  supply: "공급가액",
  vat: "부가세",
  schedule: "결제 일정",
  today: "오늘",
  next: "다음 결제",
  covers: (period: string) => `${period} 이용`,
  trialCovers: (days: number, period: string) => `무료 체험 ${days}일 · ${period}`,
  trialUsed: "무료 체험은 처음 구독할 때만 쓸 수 있어서, 이번에는 오늘부터 결제돼요.",
  trialConsent: "그 전에 · 유료 전환 동의",
  trialConsentBody: "체험을 시작한 뒤 따로 여쭤봐요. 동의하지 않으면 결제되지 않고 체험만 끝나요.",
  ifAgreed: "동의한 경우에만",
  thenEvery: (every: string, won: string) => `그 뒤로 ${every} ${won}`,
  onceNote: "한 번만 결제하고, 다시 결제되지 않아요.",
  terms: "해지와 환불",
  termsOf: {
    subscription: [
      "내 구독에서 두 번이면 해지돼요. 전화나 이유는 필요 없어요.",
      "해지해도 결제한 기간이 끝날 때까지 그대로 쓸 수 있어요.",
      `결제 후 ${WITHDRAWAL_DAYS}일 안이고 쓰지 않았다면 요청하시면 전액 돌려 드려요.`,
    ],
    trial: [
      "체험 중에 해지하면 0원이에요. 내 구독에서 두 번이면 끝나요.",
      "체험이 끝나도 동의하지 않았다면 카드에서 아무 금액도 나가지 않아요.",
      `유료로 바뀐 뒤에도 결제 후 ${WITHDRAWAL_DAYS}일 안이고 쓰지 않았다면 요청하시면 전액 돌려 드려요.`,
    ],
    once: [
      `결제 후 ${WITHDRAWAL_DAYS}일 안이고 시작하지 않았다면 요청하시면 전액 돌려 드려요.`,
      "정기결제가 아니라서 해지할 것이 없어요.",
    ],
  },
  policy: "환불·해지 정책",
  consents: "필수 동의",
  consentOf: {
    terms: "구매조건(상품, 금액, 해지·환불)을 확인했고 결제 진행에 동의해요. (필수)",
    recurring: (every: string, won: string) =>
      `등록한 카드로 ${every} ${won}이 자동 결제되는 정기결제에 동의해요. (필수)`,
    trialTerms: "무료 체험 기간과 해지·환불 조건을 확인했고 체험을 시작하는 데 동의해요. (필수)",
    trialCard:
      "결제수단으로 카드를 등록하는 데 동의해요. 유료 전환에 따로 동의하기 전에는 결제되지 않아요. (필수)",
    oncePayment: "토스페이먼츠를 통한 전자결제와 결제대행 이용에 동의해요. (필수)",
  },
  tickBoth: "두 항목을 모두 확인하고 동의해 주세요.",
  pay: (won: string) => `${won} 결제하고 시작하기`,
  startTrial: "카드 등록하고 무료로 시작하기",
  payOnce: (won: string) => `${won} 결제하기`,
  opening: "결제창을 여는 중이에요",
  back: "요금제로 돌아가기",
  tossNote: "카드 정보는 토스페이먼츠 결제창에서만 입력하고, 저희 서버에는 저장되지 않아요.",
  noScript:
    "결제창을 열려면 자바스크립트가 필요해요. 브라우저 설정에서 켠 뒤 이 화면을 다시 열어 주세요. 결제되지 않았어요.",
  stops: {
    closed: {
      title: "결제창을 닫았어요",
      body: "결제되지 않았고 주문은 그대로 있어요. 준비되면 다시 눌러 주세요.",
    },
    "not-loaded": {
      title: "결제창을 불러오지 못했어요",
      body: "인터넷 연결이나 브라우저의 차단 설정을 확인한 뒤 다시 눌러 주세요. 결제되지 않았어요.",
    },
    refused: {
      title: "결제창을 열지 못했어요",
      body: "잠시 뒤 다시 눌러 주세요. 결제되지 않았어요. 계속되면 문의해 주세요.",
    },
    "signed-out": {
      title: "로그인이 풀렸어요",
      body: "다시 로그인하면 이 주문을 이어서 할 수 있어요. 결제되지 않았어요.",
    },
    offline: {
      title: "연결이 끊겼어요",
      body: "인터넷 연결을 확인한 뒤 다시 눌러 주세요. 결제되지 않았어요.",
    },
  },
  notices: {
    "not-agreed": "동의를 확인하지 못해 결제하지 않았어요. 아래에 동의한 뒤 다시 진행해 주세요.",
    declined: (reason: string) =>
      `${reason} 지난번에는 결제하지 못했어요. 결제된 금액은 없고, 다른 카드로 이어서 할 수 있어요.`,
    refusedCard: (reason: string) =>
      `${reason} 카드를 등록하지 못했어요. 다른 카드로 다시 해 주세요.`,
  },

  checking: {
    title: "카드사에 확인하고 있어요",
    body: "보통 몇 초면 끝나요. 창을 닫아도 결제가 두 번 되지 않아요.",
    slow: "평소보다 오래 걸리고 있어요. 창을 닫아도 저희가 끝까지 확인하고, 결과를 메일로 알려 드릴게요.",
    offline: "연결이 잠시 끊겼어요. 다시 연결되면 이어서 확인할게요.",
  },
  done: {
    title: (won: string) => `${won}을 결제했어요`,
    body: (plan: string) => `${plan} 구독이 시작됐어요.`,
    bodyEnded: "지금은 끝난 구독이에요.",
    bodyOnce: "주문이 끝났어요. 담당자가 메일로 일정을 여쭤볼게요.",
    item: "상품",
    amount: "결제 금액",
    period: "이용 기간",
    paidOn: "결제일",
    card: "카드",
    refunded: "환불한 금액",
    next: "다음 결제",
    receipt: "매출전표 보기",
    account: "내 구독 보기",
    payments: "결제 내역 보기",
  },
  trial: {
    title: (days: number) => `${days}일 무료 체험을 시작했어요`,
    body: "오늘은 0원이에요. 카드만 등록했고 결제하지 않았어요.",
    until: "무료 체험",
    first: "첫 결제 예정",
    paidToday: "오늘 결제한 금액",
    consentTitle: "계속 쓰려면 한 가지가 남았어요",
    consentBody: (day: string, won: string) =>
      `${day}에 ${won}이 결제되려면 유료 전환 동의가 필요해요. 지금 하거나 나중에 해도 돼요. 동의하지 않으면 결제 없이 체험만 끝나요.`,
    consent: "유료 전환 동의 살펴보기",
  },
  declined: {
    title: "결제하지 못했어요",
    body: (reason: string, won: string) => `${reason} ${won}을 결제하지 못했어요.`,
    nothing: "결제된 금액은 없어요. 주문은 그대로 있으니 아래에서 이어서 해 주세요.",
    retry: "같은 카드로 다시 결제하기",
    retrying: "다시 결제하는 중이에요",
    other: "다른 카드 등록하기",
    again: "다시 결제하기",
  },
  cardRefused: {
    title: "카드를 등록하지 못했어요",
    body: (reason: string) => `${reason} 이 카드는 등록할 수 없었어요.`,
    nothing: "결제된 금액은 없어요. 다른 카드로 이어서 할 수 있어요.",
  },
  expired: {
    title: "이 주문은 끝났어요",
    body: "취소하셨거나 시간이 지났거나 다른 주문으로 바뀌어서 닫혔어요. 이 주문으로 결제된 금액은 없어요.",
    pricing: "요금제 다시 보기",
    account: "내 구독 보기",
    running: {
      title: (plan: string) => `이미 ${plan} 구독을 이용하고 있어요`,
      body: (ordered: string) =>
        `같은 상품을 두 번 결제하지 않도록 이 ${ordered} 주문은 닫았어요. 이 주문으로 결제된 금액은 없고, 이 주문에 등록한 카드는 지워요.`,
    },
  },
  refunded: {
    title: "주문을 취소했고, 결제된 금액은 환불해요",
    body: "취소하기 전에 카드사가 결제를 마쳤어요. 전부 환불하고, 끝나면 메일로 알려 드려요.",
  },
  canceled: {
    title: "결제를 그만뒀어요",
    body: "결제된 금액은 없고 주문은 그대로 있어요. 마음이 정해지면 이어서 해 주세요.",
    again: "주문으로 돌아가기",
    pricing: "요금제 보기",
  },
  failed: {
    title: "결제하지 않았어요",
    again: "주문으로 돌아가기",
    account: "내 구독 보기",
    reasons: {
      "amount-differs":
        "돌아온 금액이 주문 금액과 달라서 결제하지 않았어요. 주문으로 돌아가 다시 결제해 주세요.",
      "foreign-order":
        "돌아온 주문 번호가 이 주문과 달라서 결제하지 않았어요. 주문으로 돌아가 다시 결제해 주세요.",
      "foreign-customer-key":
        "로그인한 계정과 카드를 등록한 계정이 달라서 카드를 등록하지 않았어요. 같은 계정으로 다시 해 주세요.",
      "auth-key-used":
        "이미 다른 곳에 쓰인 카드 인증이라 등록하지 않았어요. 주문으로 돌아가 카드를 다시 등록해 주세요.",
      "bad-address":
        "결제창에서 돌아온 주소가 온전하지 않아 결제하지 않았어요. 주문으로 돌아가 다시 해 주세요.",
      "too-many":
        "짧은 시간에 카드를 너무 여러 번 등록해서 이번 카드는 등록하지 않았어요. 늦어도 10분 뒤에는 다시 할 수 있어요.",
      "window-aborted": "결제창에서 처리가 중단됐어요. 잠시 뒤 다시 해 주세요.",
      "window-refused": "카드사가 승인하지 않았어요. 카드 정보를 확인하거나 다른 카드로 해 주세요.",
      "window-failed": "결제창에서 끝까지 진행하지 못했어요. 다시 하거나 다른 카드로 해 주세요.",
    },
  },
  start: {
    title: "주문서를 여는 중이에요",
    body: "고른 요금제의 주문서로 이동해요. 잠시 기다려도 열리지 않으면 버튼을 눌러 주세요.",
    go: "주문서 열기",
  },
  unavailable: {
    title: "주문을 만들지 못했어요",
    reasons: {
      "unknown-price": "고른 가격을 찾지 못했어요. 요금제에서 다시 골라 주세요.",
      "price-not-sold": "더는 판매하지 않는 가격이에요. 지금 판매하는 요금제에서 골라 주세요.",
      "not-allowed":
        "이 계정에서는 일반 구성원이라 주문할 수 없어요. 계정의 소유자나 결제 담당자에게 말씀해 주세요.",
      "too-many": "짧은 시간에 주문이 너무 많았어요. 늦어도 10분 뒤에는 다시 할 수 있어요.",
    },
    pricing: "요금제 보기",
  },
  nothingPaid: "결제된 금액은 없어요.",
};
