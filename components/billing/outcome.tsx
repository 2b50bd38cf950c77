import { Check, CircleSlash, Clock, X } from "lucide-react";
import type { ReactNode } from "react";

const LOOKS = {
  good: { Icon: Check, className: "bg-accent-soft text-accent-strong" },
  bad: { Icon: X, className: "bg-danger-soft text-danger-strong" },
  calm: { Icon: CircleSlash, className: "bg-sunken text-muted" },
  waiting: { Icon: Clock, className: "bg-sunken text-muted" },
} as const;

/** How something ended: a sign, the sentence, what it means, and what one can do now. */
export function Outcome({
  tone,
  title,
  body,
  children,
  actions,
}: {
  tone: keyof typeof LOOKS;
  title: string;
  body: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const { Icon, className } = LOOKS[tone];
  return (
    <div className="mx-auto grid w-full max-w-xl gap-8 pt-10 sm:pt-16">
      <header className="grid gap-3">
        <span className={`mb-2 grid size-14 place-items-center rounded-full ${className}`}>
          <Icon aria-hidden className="size-7" strokeWidth={2.25} />
        </span>
        <h1 className="text-xl">{title}</h1>
        <div className="grid gap-1 text-muted">{body}</div>
      </header>
      {children}
      {actions ? (
        <div className="grid gap-3 sm:auto-cols-fr sm:grid-flow-col">{actions}</div>
      ) : null}
    </div>
  );
}
