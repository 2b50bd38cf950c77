/** What may be shown of a card: who issued it and its masked number. No expiry is ever known. */
import { WORD_JOINER } from "@/lib/billing/format";

type Locale = "ko" | "en";

/** Toss's issuer codes (codes page of the reference). The table stays open: an unknown code is shown as it is. */
const ISSUERS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  "3K": { ko: "기업BC", en: "IBK BC" },
  "46": { ko: "광주", en: "Kwangju" },
  "71": { ko: "롯데", en: "Lotte" },
  "30": { ko: "산업", en: "KDB" },
  "31": { ko: "BC", en: "BC" },
  "51": { ko: "삼성", en: "Samsung" },
  "38": { ko: "새마을", en: "MG Saemaul" },
  "41": { ko: "신한", en: "Shinhan" },
  "62": { ko: "신협", en: "Shinhyup" },
  "36": { ko: "씨티", en: "Citi" },
  "33": { ko: "우리(BC)", en: "Woori (BC)" },
  W1: { ko: "우리", en: "Woori" },
  "37": { ko: "우체국", en: "Korea Post" },
  "39": { ko: "저축", en: "Savings bank" },
  "35": { ko: "전북", en: "Jeonbuk" },
  "42": { ko: "제주", en: "Jeju" },
  "15": { ko: "카카오뱅크", en: "KakaoBank" },
  "3A": { ko: "케이뱅크", en: "K bank" },
  "24": { ko: "토스뱅크", en: "Toss Bank" },
  "21": { ko: "하나", en: "Hana" },
  "61": { ko: "현대", en: "Hyundai" },
  "11": { ko: "국민", en: "KB Kookmin" },
  "91": { ko: "농협", en: "NH NongHyup" },
  "34": { ko: "수협", en: "Suhyup" },
};

const NO_ISSUER = { ko: "카드", en: "Card" } as const;

export function issuerName(code: string | null, locale: Locale = "ko"): string {
  return code === null ? NO_ISSUER[locale] : (ISSUERS[code]?.[locale] ?? code);
}

/** The last four characters of the masked number that are digits or stars: "123*". */
export function lastFour(maskedNumber: string | null): string {
  return maskedNumber?.slice(-4) ?? "";
}

/** "현대카드 ···· 001*" in Korean, "Hyundai card ···· 001*" in English: how sentences name a card. */
export function cardLabel(
  card: { readonly issuerCode: string | null; readonly maskedNumber: string | null },
  locale: Locale = "ko",
): string {
  const issuer = issuerName(card.issuerCode, locale);
  const name = card.issuerCode === null ? issuer : `${issuer}${locale === "ko" ? "카드" : " card"}`;
  return card.maskedNumber
    ? `${name} ····\u00a0${lastFour(card.maskedNumber)}${WORD_JOINER}`
    : name;
}
