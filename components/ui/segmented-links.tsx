import type { Route } from "next";
import type { ReactNode } from "react";
import { Link } from "./link";

export type SegmentLink = { href: Route; label: ReactNode; isCurrent: boolean };

/** A switch made of links: each choice is an address, so it works without JavaScript and can be shared. */
export function SegmentedLinks({
  label,
  segments,
}: {
  label: string;
  segments: readonly SegmentLink[];
}) {
  return (
    <nav
      aria-label={label}
      className="flex w-full rounded-control bg-sunken p-1 sm:inline-flex sm:w-auto"
    >
      {segments.map((segment) => (
        <Link
          key={segment.href}
          href={segment.href}
          replace
          scroll={false}
          aria-current={segment.isCurrent ? "true" : undefined}
          className="flex min-h-11 flex-1 items-center justify-center gap-1.5 rounded-[0.5rem] px-5 text-center font-medium text-muted text-sm transition-colors duration-150 hover:text-ink aria-[current]:bg-raised aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:shadow-sm sm:min-w-28"
        >
          {segment.label}
        </Link>
      ))}
    </nav>
  );
}
