import type { ReactNode } from "react";

/**
 * Rows under named columns. On a phone each row stands by itself, with its first cell as the heading and each other
 * one beside the name of its column; a cell without anything to say is left out there.
 */
export function Table({
  caption,
  columns,
  rows,
  amountsFrom = columns.length,
}: {
  caption: string;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  /** The first column of amounts, which stand one below the other; all behind it are amounts too. */
  amountsFrom?: number;
}) {
  const alignAt = (at: number) =>
    at < amountsFrom ? "" : "whitespace-nowrap text-right tabular-nums";
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-control border border-line"
    >
      <table className="w-full text-left text-sm max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-sunken text-muted max-sm:sr-only">
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" className={`px-4 py-2.5 font-medium ${alignAt(at)}`}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line max-sm:block">
          {rows.map((row) => (
            <tr key={row.key} className="max-sm:grid max-sm:gap-1 max-sm:px-4 max-sm:py-3">
              {row.cells.map((cell, at) => (
                <td
                  key={columns[at]}
                  className={`align-top max-sm:flex max-sm:justify-between max-sm:gap-4 sm:px-4 sm:py-3 ${alignAt(at)} ${isEmpty(cell) ? "max-sm:hidden" : ""}`}
                >
                  {at === 0 ? null : (
                    <span aria-hidden className="shrink-0 text-muted sm:hidden">
                      {columns[at]}
                    </span>
                  )}
                  <div className={at === 0 ? "max-sm:font-semibold" : ""}>{cell}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isEmpty(cell: ReactNode): boolean {
  return cell === null || cell === "";
}
