import { type Html, html } from "@/packages/local-kit/html";
import { seoulTime } from "@/packages/toss-twin/time/seoul";

/** A whole page in the dress of the control page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/assets/control.css">
<link rel="icon" href="data:,">
</head>
<body>${body}</body>
</html>`.text;
}

export function section(
  { id, title, hint }: { readonly id: string; readonly title: string; readonly hint: string },
  body: Html,
): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2><p class="hint">${hint}</p>
    ${body}
  </section>`;
}

const numberColumns = new Set(["금액", "잔액", "결제 시도"]);

export function table(label: string, head: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
    <thead><tr>${head.map((name) => html`<th scope="col" class="${numberColumns.has(name) ? "number" : ""}">${name}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

/** A button that makes one call of the control API and shows the page afresh; a question is asked first. */
export function button(
  label: string,
  { method = "POST", path, body = {}, question = "", name = label }: ButtonCall,
): Html {
  return html`<button type="button" aria-label="${name}" data-method="${method}" data-call="${path}" data-body="${JSON.stringify(body)}" data-question="${question}">${label}</button>`;
}

type ButtonCall = {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly question?: string;
  /** What a screen reader says where the label alone is not enough. */
  readonly name?: string;
};

export function dateWords(epochMs: number): string {
  return seoulTime(epochMs).slice(0, 19).replace("T", " ");
}

const shownCharacters = 20_000;
const shownDepth = 40;

export function prettyJson(text: string): string {
  if (text === "") return "(비어 있음)";
  if (text.length > shownCharacters || depthOf(text) > shownDepth)
    return text.slice(0, shownCharacters);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** At most how deep brackets stand in each other: indented, a deep text grows with the square of it. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}
