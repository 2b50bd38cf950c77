import type { ReactNode } from "react";

/** Rows under named columns; scrolls sideways by itself where the screen is narrow. */
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
  // A name and two amounts fit on any screen.
  const width = amountsFrom === 1 && columns.length <= 3 ? "" : "min-w-[30rem]";
  const alignAt = (at: number) =>
    at < amountsFrom ? "" : "whitespace-nowrap text-right tabular-nums";
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-control border border-line"
    >
      <table className={`w-full text-left text-sm ${width}`}>
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-sunken text-muted">
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" className={`px-4 py-2.5 font-medium ${alignAt(at)}`}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, at) => (
                <td key={columns[at]} className={`px-4 py-3 align-top ${alignAt(at)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
