/** What happened while time passed, in words. */
export type ToldHappening = {
  readonly kind: string;
  /** "결제됐어요 29,700원 (3건)" */
  readonly title: string;
  readonly items: readonly { readonly at: string; readonly words: string }[];
  /** "외 2건": what is not listed; null when everything is. */
  readonly rest: string | null;
};

/** Kind by kind: how many, and the first few by name. */
export function Happened({ happened }: { happened: readonly ToldHappening[] }) {
  return (
    <ol className="grid gap-4">
      {happened.map(({ kind, title, items, rest }) => (
        <li key={kind} className="grid gap-1 text-sm">
          <p className="font-semibold tabular-nums">{title}</p>
          {items.length > 0 ? (
            <ul className="grid gap-0.5">
              {items.map(({ at, words }) => (
                <li key={`${at} ${words}`} className="flex flex-wrap justify-between gap-x-4">
                  <span>{words}</span>
                  <span className="text-muted text-xs tabular-nums">{at}</span>
                </li>
              ))}
            </ul>
          ) : null}
          {rest ? <p className="text-muted">{rest}</p> : null}
        </li>
      ))}
    </ol>
  );
}
