import type { ReactNode } from "react";

/** A raised sheet that holds one thing. `labelledBy` names it for people who hear the page. */
export function Card({ children, labelledBy }: { children: ReactNode; labelledBy?: string }) {
  return (
    <section
      aria-labelledby={labelledBy}
      className="rounded-card border border-line bg-surface p-6 sm:p-8"
    >
      {children}
    </section>
  );
}
