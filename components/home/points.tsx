import type { LucideIcon } from "lucide-react";

/** A few short claims side by side, each under its sign. */
export function Points({
  id,
  heading,
  lead,
  items,
  icons,
}: {
  id: string;
  heading: string;
  lead?: string;
  items: readonly { title: string; body: string }[];
  icons: readonly LucideIcon[];
}) {
  return (
    <section aria-labelledby={id} className="grid gap-8">
      <header className="grid gap-1">
        <h2 id={id} className="text-xl">
          {heading}
        </h2>
        {lead ? <p className="text-muted">{lead}</p> : null}
      </header>
      <ul
        className={`grid gap-x-10 gap-y-8 sm:grid-cols-2 ${items.length === 3 ? "lg:grid-cols-3" : ""}`}
      >
        {items.map(({ title, body }, at) => {
          const Icon = icons[at];
          return (
            <li key={title} className="grid content-start gap-2">
              {Icon ? (
                <Icon aria-hidden className="mb-1 size-6 text-accent" strokeWidth={1.75} />
              ) : null}
              <h3 className="text-base">{title}</h3>
              <p className="text-muted text-sm">{body}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
