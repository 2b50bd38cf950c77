import { CONSENT_WINDOW_DAYS, WITHDRAWAL_DAYS } from "@/lib/billing/policy";

const ko = {
  heading: "흩어진 일을 한곳에 모으는 팀 공간",
  lead: "프로젝트와 파일, 함께하는 사람이 한 화면에 있어요. 오늘 시작해서 팀이 커지는 만큼 넓혀 쓰세요.",
  from: (won: string) => `월 ${won}부터, 부가세 포함`,
  see: "요금제 보기",
  preview: {
    label: "구독 화면 예시",
    status: "이용 중",
    period: "이용 기간",
    next: "다음 결제",
    card: "결제 카드",
    cardName: "현대카드 ····\u00a0123*",
    actions: ["카드 바꾸기", "결제 내역", "해지하기"],
  },
  does: {
    heading: "하루를 덜 복잡하게",
    items: [
      {
        title: "프로젝트가 한눈에",
        body: "할 일과 파일, 결정이 프로젝트마다 한 장에 모여요. 찾느라 묻지 않아도 돼요.",
      },
      {
        title: "필요한 사람만 함께",
        body: "구성원을 부르고 볼 수 있는 범위를 정해요. 나간 사람의 접근은 바로 닫혀요.",
      },
      {
        title: "쓰던 도구와 나란히",
        body: "API로 사내 도구와 이어요. 감사 기록과 SSO는 필요한 회사에만 더해요.",
      },
    ],
  },
  honest: {
    heading: "돈 이야기는 먼저, 분명하게",
    lead: "결제는 믿음의 문제라서, 불편한 말을 앞에 적어요.",
    items: [
      {
        title: "보이는 가격이 전부예요",
        body: "모든 가격은 부가세 포함이에요. 오늘 낼 돈과 다음에 낼 돈을 날짜와 함께 보여 드려요.",
      },
      {
        title: "동의 없이는 유료로 바뀌지 않아요",
        body: `체험이 끝나기 전 ${CONSENT_WINDOW_DAYS}일 안에 따로 동의한 경우에만 결제해요. 잊고 있으면 0원으로 끝나요.`,
      },
      {
        title: "해지는 두 번이면 끝나요",
        body: "전화도 이유도 필요 없어요. 낸 기간까지 그대로 쓰고, 마음이 바뀌면 되돌릴 수 있어요.",
      },
      {
        title: `${WITHDRAWAL_DAYS}일 안에는 전액 환불`,
        body: "결제하고 쓰지 않았다면 모두 돌려 드려요. 첫 결제뿐 아니라 매번 그래요.",
      },
    ],
  },
  plans: {
    heading: "요금제",
    lead: "팀 크기에 맞춰 고르세요.",
    per: "월",
    trial: (days: number) => `${days}일 무료`,
    all: "가격과 기능 자세히 보기",
  },
};

const en: typeof ko = {
  heading: "One place for the work of your team",
  lead: "Projects, files and people on one screen. Start today and grow as your team does.",
  from: (won) => `From ${won} a month, VAT included`,
  see: "See pricing",
  preview: {
    label: "What a subscription looks like",
    status: "Active",
    period: "Period",
    next: "Next payment",
    card: "Card",
    cardName: "Hyundai card ····\u00a0123*",
    actions: ["Change card", "Payments", "Cancel"],
  },
  does: {
    heading: "A simpler day",
    items: [
      {
        title: "Projects at a glance",
        body: "Tasks, files and decisions of a project on one page, so nobody has to ask where.",
      },
      {
        title: "Only the people it takes",
        body: "Invite members and say what they may see. Who leaves is out at once.",
      },
      {
        title: "Beside the tools you use",
        body: "Connect your own by API. Audit log and SSO for companies that need them.",
      },
    ],
  },
  honest: {
    heading: "Money first, and plainly",
    lead: "Paying is a matter of trust, so the awkward parts stand in front.",
    items: [
      {
        title: "The price you see is all",
        body: "VAT is included everywhere. What is due today and what comes next stand there with their dates.",
      },
      {
        title: "Never paid without your consent",
        body: `You pay after a trial only if you agree separately within the ${CONSENT_WINDOW_DAYS} days before. Forget about it, and it costs nothing.`,
      },
      {
        title: "Cancelling takes two clicks",
        body: "No phone call, no reason. Keep what you paid for, and change your mind until it ends.",
      },
      {
        title: `All back within ${WITHDRAWAL_DAYS} days`,
        body: "Paid and not used? You get everything back, after the first payment and after every other.",
      },
    ],
  },
  plans: {
    heading: "Plans",
    lead: "Choose by the size of your team.",
    per: "month",
    trial: (days) => `${days} days free`,
    all: "All prices and features",
  },
};

export const homeText = { ko, en };
