import { expect, test } from "vitest";
import { Html, html } from "./html";

test("a value is text, whatever it looks like", () => {
  const name = `<img src=x onerror="alert('1')">&amp;`;
  expect(html`<td title="${name}">${name}</td>`.text).toBe(
    '<td title="&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;amp;">' +
      "&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;amp;</td>",
  );
});

test("markup stays markup, one piece or a list of them", () => {
  const rows = ["<", ">"].map((name) => html`<li>${name}</li>`);
  expect(html`<ul>${rows}</ul>${html`<hr>`}`.text).toBe(
    "<ul><li>&#60;</li><li>&#62;</li></ul><hr>",
  );
  expect(html`${new Html("<b>")}`.text).toBe("<b>");
});

test("null leaves nothing, a number its digits", () => {
  expect(html`<p>${null}${0}${1_000}</p>`.text).toBe("<p>01000</p>");
  expect(html``.text).toBe("");
});
