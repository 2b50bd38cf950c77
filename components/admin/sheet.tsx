import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** The sheet that holds the rows of a list, or what to know when there are none. */
export function Sheet({ children }: { children: ReactNode }) {
  return <div className="rounded-card border border-line bg-surface px-6 sm:px-8">{children}</div>;
}

/** A null value is a fact that is not there. */
export type Fact = { readonly label: string; readonly value: ReactNode };

export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
      {facts
        .filter((fact) => fact.value !== null)
        .map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What a machine wrote: codes and ids, to be copied. */
export function Code({ children }: { children: ReactNode }) {
  return <code className="break-all text-xs">{children}</code>;
}

/** Something that is shown when asked for. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group">
      <summary className="inline-flex min-h-11 cursor-pointer items-center gap-1 font-medium text-sm">
        <ChevronRight
          aria-hidden
          className="size-4 transition-transform duration-150 group-open:rotate-90"
        />
        {title}
      </summary>
      {children}
    </details>
  );
}
