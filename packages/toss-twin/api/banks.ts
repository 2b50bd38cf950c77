/** Bank codes of the API with the names that requests may use in their place. */
const banks: Readonly<Record<string, readonly [ko: string, en: string]>> = {
  "39": ["경남", "KYONGNAMBANK"],
  "34": ["광주", "GWANGJUBANK"],
  "12": ["단위농협", "LOCALNONGHYEOP"],
  "32": ["부산", "BUSANBANK"],
  "45": ["새마을", "SAEMAUL"],
  "64": ["산림", "SANLIM"],
  "88": ["신한", "SHINHAN"],
  "48": ["신협", "SHINHYEOP"],
  "27": ["씨티", "CITI"],
  "20": ["우리", "WOORI"],
  "71": ["우체국", "POST"],
  "50": ["저축", "SAVINGBANK"],
  "37": ["전북", "JEONBUKBANK"],
  "35": ["제주", "JEJUBANK"],
  "90": ["카카오", "KAKAOBANK"],
  "89": ["케이", "KBANK"],
  "92": ["토스", "TOSSBANK"],
  "81": ["하나", "HANA"],
  "54": ["홍콩상하이", "HSBC"],
  "03": ["기업", "IBK"],
  "06": ["국민", "KOOKMIN"],
  "31": ["대구", "DAEGUBANK"],
  "02": ["산업", "KDBBANK"],
  "11": ["농협", "NONGHYEOP"],
  "23": ["SC제일", "SC"],
  "07": ["수협", "SUHYEOP"],
};

/** Those that issue virtual accounts, in the order in which the window offers them. */
export const virtualAccountBanks = [
  "88",
  "06",
  "20",
  "81",
  "11",
  "03",
  "71",
  "32",
  "07",
  "31",
] as const;

/** The code of a bank given by code, Korean or English name; null for an unknown one. */
export function findBankCode(text: string): string | null {
  if (Object.hasOwn(banks, text)) return text;
  const name = text.replace(/(은행|뱅크)$/, "").toUpperCase();
  const found = Object.entries(banks).find(
    ([, [ko, en]]) => ko === name || en === text.toUpperCase(),
  );
  return found?.[0] ?? null;
}

export function bankName(code: string): string {
  return banks[code]?.[0] ?? code;
}
