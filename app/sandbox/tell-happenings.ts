import type { ToldHappening } from "@/components/sandbox/happened";
import { formatInstant } from "@/components/sandbox/instant";
import { type SandboxText, sandboxText } from "@/components/text/sandbox";
import type { Happening, HappeningItem } from "@/db/happening";
import { formatWon } from "@/lib/billing/money";
import type { Locale } from "@/lib/http/locale";

/** In words, for pages and the command line. */
export function tellHappenings(
  happenings: readonly Happening[],
  locale: Locale,
): readonly ToldHappening[] {
  const text = sandboxText[locale];
  return happenings.map(({ kind, count, amountWon, items, moreCount }) => {
    const amount = amountWon === null ? "" : ` ${formatWon(amountWon, locale)}`;
    const othersCount = count - items.length - moreCount;
    const rest = [
      moreCount > 0 ? text.more(moreCount) : null,
      // Where nothing is listed, the title has said it all.
      othersCount > 0 && items.length > 0 ? text.others(othersCount) : null,
    ];
    return {
      kind,
      title: `${text.happenings[kind]}${amount} (${text.count(count)})`,
      items: items.map((item) => ({
        at: formatInstant(item.at, locale),
        words: wordsOf(kind, item, locale),
      })),
      rest: rest.filter(Boolean).join(", ") || null,
    };
  });
}

function wordsOf(
  kind: Happening["kind"],
  { name, amountWon, detail }: HappeningItem,
  locale: Locale,
): string {
  const amount = amountWon === null ? null : formatWon(amountWon, locale);
  return [name, amount, detailWords(kind, detail, sandboxText[locale])].filter(Boolean).join(" · ");
}

function detailWords(
  kind: Happening["kind"],
  detail: string | null,
  text: SandboxText,
): string | null {
  const reasons: Readonly<Record<string, string>> = text.endReasons;
  return kind === "ended" && detail !== null ? (reasons[detail] ?? detail) : detail;
}
