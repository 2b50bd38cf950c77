/** What the kinds of tasks share. */
import type { ReactNode } from "react";
import { Code } from "@/components/admin/sheet";
import { adminText } from "@/components/text/admin";
import { Money } from "@/components/ui/money";
import type { Won } from "@/lib/billing/money";

/** So many of a kind are shown at once; who resolves one sees the next. */
export const SHOWN = 20;

/** What Toss answered with another sum, or for another order, than was asked for. */
export const DIFFERS = "answer-differs";

/** What one kind came to: something a person must look at, or one line that says why not. */
export type Part =
  | { readonly key: string; readonly needsPerson: boolean; readonly section: ReactNode }
  | {
      readonly key: string;
      readonly title: string;
      readonly line: string;
      readonly badge?: string;
    };

/** Our own words for why an outcome is not known; a code of Toss's stays as it is, to be asked about there. */
export function whyUnknown(reason: string | null): ReactNode {
  const { reasons } = adminText.charges;
  if (reason === null) return reasons.none;
  if (reason === DIFFERS) return reasons.differs;
  if (reason === "timeout" || reason === "connection-lost") return reasons.lost;
  if (reason.startsWith("unreadable-") || reason.startsWith("status-")) return reasons.unreadable;
  return (
    <>
      {reasons.byToss} <Code>{reason}</Code>
    </>
  );
}

export function Amount({ won }: { won: Won }) {
  return <Money won={won} locale="ko" size="lg" />;
}

export function countOf(shown: number): string {
  return shown < SHOWN ? adminText.count(shown) : adminText.countOrMore(shown);
}

export function moreOf(shown: number): string | undefined {
  return shown < SHOWN ? undefined : adminText.more(shown);
}
