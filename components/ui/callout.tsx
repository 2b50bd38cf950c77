import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const LOOKS = {
  good: { Icon: CircleCheck, className: "bg-accent-soft [&>svg]:text-accent-strong" },
  info: { Icon: Info, className: "bg-sunken [&>svg]:text-muted" },
  warning: { Icon: TriangleAlert, className: "bg-warning-soft [&>svg]:text-warning" },
  bad: { Icon: CircleX, className: "bg-danger-soft [&>svg]:text-danger-strong" },
} as const;

/** What happened or what to know, in place. `live` reads it out when it appears after an action. */
export function Callout({
  tone,
  title,
  children,
  live = false,
}: {
  tone: keyof typeof LOOKS;
  title?: string;
  children: ReactNode;
  live?: boolean;
}) {
  const { Icon, className } = LOOKS[tone];
  const role = tone === "bad" ? "alert" : "status";
  return (
    <div role={live ? role : undefined} className={`flex gap-3 rounded-control p-4 ${className}`}>
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="grid gap-1 text-ink text-sm">
        {title ? <p className="font-semibold text-base">{title}</p> : null}
        <div>{children}</div>
      </div>
    </div>
  );
}
