/** What may be shown of a card: who issued it and its masked number. No expiry is ever known. */

/** Toss's issuer codes (codes page of the reference). The table stays open: an unknown code is shown as it is. */
const ISSUERS: Readonly<Record<string, string>> = {
  "3K": "기업BC",
  "46": "광주",
  "71": "롯데",
  "30": "산업",
  "31": "BC",
  "51": "삼성",
  "38": "새마을",
  "41": "신한",
  "62": "신협",
  "36": "씨티",
  "33": "우리(BC)",
  W1: "우리",
  "37": "우체국",
  "39": "저축",
  "35": "전북",
  "42": "제주",
  "15": "카카오뱅크",
  "3A": "케이뱅크",
  "24": "토스뱅크",
  "21": "하나",
  "61": "현대",
  "11": "국민",
  "91": "농협",
  "34": "수협",
};

export function issuerName(code: string | null): string {
  return code === null ? "카드" : (ISSUERS[code] ?? code);
}

/** The last four characters of the masked number that are digits or stars: "123*". */
export function lastFour(maskedNumber: string | null): string {
  return maskedNumber?.slice(-4) ?? "";
}

/** "현대카드 (123*)": how sentences name a card. */
export function cardLabel(card: {
  readonly issuerCode: string | null;
  readonly maskedNumber: string | null;
}): string {
  const issuer = card.issuerCode === null ? "카드" : `${issuerName(card.issuerCode)}카드`;
  return card.maskedNumber ? `${issuer} (${lastFour(card.maskedNumber)})` : issuer;
}
