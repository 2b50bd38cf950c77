import type { ActiveFault, FaultRule, Operation } from "@/packages/toss-twin/faults/rules";
import type { DeliveryRecord, PaymentRecord } from "@/packages/toss-twin/store/records";

export const statusWords: Readonly<Record<PaymentRecord["status"], string>> = {
  READY: "대기",
  IN_PROGRESS: "인증됨",
  WAITING_FOR_DEPOSIT: "입금 대기",
  DONE: "승인",
  CANCELED: "취소",
  PARTIAL_CANCELED: "부분 취소",
  ABORTED: "실패",
  EXPIRED: "만료",
};

export const deliveryWords: Readonly<Record<DeliveryRecord["state"], string>> = {
  pending: "전송 예정",
  held: "순서 미룸",
  delivered: "전송됨",
  failed: "포기함",
  dropped: "유실",
};

export const faultWords: Readonly<Record<FaultRule["kind"], string>> = {
  "hang-up-before": "처리 전에 연결 끊기",
  "hang-up-after-execute": "처리 후에 연결 끊기",
  "500-executed": "처리 후 500 오류",
  "500-not-executed": "처리 없이 500 오류",
  delay: "늦은 응답",
  "truncated-json": "잘린 JSON",
  "html-page": "HTML 오류 화면",
  "wrong-amount": "다른 금액 승인",
  "wrong-order-id": "다른 주문번호 응답",
  decline: "거절",
  "429": "요청 과다 (429)",
  outage: "전체 장애 (503)",
  "connection-refused": "연결 거부 (포트 닫힘)",
  "card-expired": "카드 유효기간 만료",
  "key-deleted": "토스에서 빌링키 삭제",
  "transactions-lag": "거래 내역 지연",
  "settlement-short": "정산 금액 부족",
  "webhook-dropped": "웹훅 유실",
  "webhook-late": "웹훅 지연",
  "webhook-doubled": "웹훅 중복",
  "webhook-reordered": "웹훅 순서 바뀜",
  "webhook-forged-status": "웹훅 위조 (상태)",
  "webhook-forged-secret": "웹훅 위조 (secret)",
  "webhook-unknown-event": "모르는 웹훅 이벤트",
  "webhook-extra-fields": "웹훅에 새 필드",
};

type Kinds = readonly (readonly [group: string, kinds: readonly FaultRule["kind"][]])[];

/** In the order offered. */
export const faultKinds: Kinds = [
  [
    "API 응답",
    [
      "decline",
      "hang-up-after-execute",
      "hang-up-before",
      "500-executed",
      "500-not-executed",
      "delay",
      "truncated-json",
      "html-page",
      "wrong-amount",
      "wrong-order-id",
      "429",
      "outage",
      "connection-refused",
    ],
  ],
  ["카드와 빌링키", ["card-expired", "key-deleted"]],
  ["대사", ["transactions-lag", "settlement-short"]],
  [
    "웹훅",
    [
      "webhook-dropped",
      "webhook-late",
      "webhook-doubled",
      "webhook-reordered",
      "webhook-forged-status",
      "webhook-forged-secret",
      "webhook-unknown-event",
      "webhook-extra-fields",
    ],
  ],
];

export const operationWords: Readonly<Record<Operation, string>> = {
  confirm: "결제 승인",
  query: "조회",
  cancel: "취소",
  "key-in": "키인 결제",
  issue: "빌링키 발급",
  "register-card": "카드 번호 등록",
  charge: "빌링키 결제",
  "delete-key": "빌링키 삭제",
  "virtual-account": "가상계좌 발급",
  "cash-receipt": "현금영수증 발급",
  "cancel-cash-receipt": "현금영수증 취소",
  "cash-receipts": "현금영수증 조회",
  transactions: "거래 내역",
  settlements: "정산 내역",
  settle: "수동 정산",
  promotions: "프로모션",
};

/** What a rule does beyond its kind. */
export function faultDetail(fault: ActiveFault): string {
  switch (fault.kind) {
    case "decline":
      return fault.code;
    case "delay":
    case "webhook-late":
      return `${fault.delayMs} ms`;
    case "transactions-lag":
      return `${fault.lagMs} ms`;
    case "settlement-short":
      return `${fault.byWon}원`;
    case "webhook-forged-status":
      return fault.status;
    default:
      return "";
  }
}
