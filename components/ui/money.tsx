import { formatDigits } from "@/lib/billing/money";
import type { Locale } from "@/lib/http/locale";

const SIZES = {
  md: { digits: "text-base font-semibold", unit: "text-sm" },
  lg: { digits: "text-xl font-bold tracking-tight", unit: "text-base font-semibold" },
  xl: { digits: "text-2xl font-bold tracking-tight", unit: "text-lg font-semibold" },
} as const;

/** An amount with its unit smaller: 9,900원 in Korean, ₩9,900 in English. */
export function Money({
  won,
  locale,
  size = "md",
}: {
  won: number;
  locale: Locale;
  size?: keyof typeof SIZES;
}) {
  const look = SIZES[size];
  const unit = <span className={look.unit}>{locale === "ko" ? "원" : "₩"}</span>;
  return (
    <span className={`whitespace-nowrap tabular-nums ${look.digits}`}>
      {locale === "en" ? unit : null}
      {formatDigits(won)}
      {locale === "ko" ? unit : null}
    </span>
  );
}
