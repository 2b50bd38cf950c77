import { CircleCheck, CircleDashed, CircleX, Clock, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type Tone = "good" | "info" | "warning" | "bad" | "neutral";

const LOOKS = {
  good: { Icon: CircleCheck, className: "bg-accent-soft text-accent-strong" },
  info: { Icon: Clock, className: "bg-sunken text-ink" },
  warning: { Icon: TriangleAlert, className: "bg-warning-soft text-warning" },
  bad: { Icon: CircleX, className: "bg-danger-soft text-danger-strong" },
  neutral: { Icon: CircleDashed, className: "bg-sunken text-muted" },
} as const;

/** A status: a word with a shape of its own, so that colour is never the only sign. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { Icon, className } = LOOKS[tone];
  return (
    <span
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded-full py-1 pr-2.5 pl-2 font-semibold text-xs ${className}`}
    >
      <Icon aria-hidden className="size-3.5" strokeWidth={2.5} />
      {children}
    </span>
  );
}
