import type { Explanation } from "@/lib/billing/invoice/explain";
import { formatDigits, formatWon } from "@/lib/billing/money";

/** Says a line of an invoice with the numbers its won are made of. `name` is the item's. */
export function lineSentence(line: Explanation, name: string, locale: "ko" | "en"): string {
  return locale === "ko" ? sayInKorean(line, name) : sayInEnglish(line, name);
}

function sayInKorean(line: Explanation, name: string): string {
  const won = (amount: number) => formatWon(amount, "ko");
  const result = `${line.won < 0 ? "-" : ""}${won(Math.abs(line.won))}`;
  switch (line.kind) {
    case "plan":
    case "add-on": {
      const full = `${won(line.unitWon)} × ${formatDigits(line.quantity)}`;
      const part =
        line.days === line.ofDays ? `${line.days}일` : `${line.ofDays}일 중 ${line.days}일`;
      return `${name} ${full}, ${part}: ${result}`;
    }
    case "unused":
      return `${name} 남은 ${line.days}일: ${won(line.valueWon)}에서 ${line.ofDays}일 중 쓴 ${line.usedDays}일 ${won(line.usedWon)}을 뺀 금액 ${result}`;
    case "discount":
      return line.off.kind === "percent"
        ? `쿠폰 할인: ${won(line.baseWon)}의 ${line.off.percent}%, ${result}`
        : `쿠폰 할인: ${won(line.baseWon)}에서 최대 ${won(line.off.won)}, ${result}`;
    case "once":
    case "set-up":
      return `${name} ${won(line.unitWon)} × ${formatDigits(line.quantity)}: ${result}`;
    default:
      return line satisfies never;
  }
}

function sayInEnglish(line: Explanation, name: string): string {
  const won = (amount: number) => formatWon(amount, "en");
  const result = `${line.won < 0 ? "-" : ""}${won(Math.abs(line.won))}`;
  switch (line.kind) {
    case "plan":
    case "add-on": {
      const full = `${won(line.unitWon)} × ${formatDigits(line.quantity)}`;
      const part =
        line.days === line.ofDays ? `${line.days} days` : `${line.days} of ${line.ofDays} days`;
      return `${name} ${full}, ${part}: ${result}`;
    }
    case "unused":
      return `${name}, ${line.days} days left: ${won(line.valueWon)} less ${won(line.usedWon)} for ${line.usedDays} of ${line.ofDays} days used, ${result}`;
    case "discount":
      return line.off.kind === "percent"
        ? `Coupon: ${line.off.percent}% of ${won(line.baseWon)}, ${result}`
        : `Coupon: up to ${won(line.off.won)} of ${won(line.baseWon)}, ${result}`;
    case "once":
    case "set-up":
      return `${name} ${won(line.unitWon)} × ${formatDigits(line.quantity)}: ${result}`;
    default:
      return line satisfies never;
  }
}
