/**
 * The offer. Change a number here and seed again: the price list follows, and running contracts keep the price they
 * were made at. An amount is in whole won, VAT included.
 */
import type { Interval } from "@/lib/billing/calendar";
import type { Bilingual, Entitlements, PlanKind } from "@/lib/billing/catalogue/plan";

export type Offer = {
  readonly id: string;
  readonly kind: PlanKind;
  /** An account holds at most one running subscription per product. */
  readonly product: string;
  readonly name: Bilingual;
  readonly description: Bilingual;
  readonly features: readonly Bilingual[];
  readonly entitlements: Entitlements;
  readonly prices: Readonly<
    Partial<Record<Interval | "once", { amountWon: number; trialDays?: number }>>
  >;
};

export const CATALOGUE: readonly Offer[] = [
  {
    id: "basic",
    kind: "subscription",
    product: "workspace",
    name: { ko: "BASIC", en: "BASIC" },
    description: { ko: "혼자 시작하는 분께", en: "For people starting out alone" },
    features: [
      { ko: "프로젝트 3개", en: "3 projects" },
      { ko: "구성원 1명", en: "1 member" },
      { ko: "저장 공간 5GB", en: "5 GB of storage" },
      { ko: "이메일 문의", en: "E-mail support" },
    ],
    entitlements: { projects: 3, members: 1, storageGb: 5, api: false },
    prices: {
      month: { amountWon: 9_900 },
      quarter: { amountWon: 28_000 },
      year: { amountWon: 99_000 },
    },
  },
  {
    id: "premium",
    kind: "subscription",
    product: "workspace",
    name: { ko: "PREMIUM", en: "PREMIUM" },
    description: { ko: "함께 일하는 팀에게", en: "For teams that work together" },
    features: [
      { ko: "프로젝트 무제한", en: "Unlimited projects" },
      { ko: "구성원 10명", en: "10 members" },
      { ko: "저장 공간 100GB", en: "100 GB of storage" },
      { ko: "API 사용", en: "API access" },
      { ko: "평일 채팅 문의", en: "Chat support on weekdays" },
    ],
    entitlements: { projects: null, members: 10, storageGb: 100, api: true },
    prices: {
      month: { amountWon: 29_000, trialDays: 14 },
      quarter: { amountWon: 82_000, trialDays: 14 },
      year: { amountWon: 290_000, trialDays: 14 },
    },
  },
  {
    id: "enterprise",
    kind: "subscription",
    product: "workspace",
    name: { ko: "ENTERPRISE", en: "ENTERPRISE" },
    description: {
      ko: "통제와 기록이 필요한 회사에",
      en: "For companies that need control and records",
    },
    features: [
      { ko: "PREMIUM의 모든 기능", en: "Everything in PREMIUM" },
      { ko: "구성원 무제한", en: "Unlimited members" },
      { ko: "저장 공간 1TB", en: "1 TB of storage" },
      { ko: "감사 기록과 SSO", en: "Audit log and SSO" },
      { ko: "전담 담당자", en: "A contact of your own" },
    ],
    entitlements: { projects: null, members: null, storageGb: 1_000, api: true, sso: true },
    prices: {
      month: { amountWon: 99_000 },
      quarter: { amountWon: 279_000 },
      year: { amountWon: 990_000 },
    },
  },
  {
    id: "onboarding",
    kind: "one-time",
    product: "onboarding",
    name: { ko: "도입 교육", en: "Onboarding session" },
    description: {
      ko: "2시간 동안 화면을 함께 보며 설정을 끝내 드려요. 한 번만 결제해요.",
      en: "Two hours of screen sharing in which we finish the set-up with you. Paid once.",
    },
    features: [
      { ko: "온라인 2시간, 최대 20명", en: "2 hours online, up to 20 people" },
      { ko: "녹화본 제공", en: "Recording included" },
    ],
    entitlements: {},
    prices: { once: { amountWon: 150_000 } },
  },
];
