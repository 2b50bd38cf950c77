import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePersonName } from "./person-name";

describe("a name is taken", () => {
  test.each([
    ["김매달", "김매달"],
    ["  김\u00a0매달  ", "김 매달"],
    ["김매달".normalize("NFD"), "김매달"],
    ["Zoë O'Brien-Šarić", "Zoë O'Brien-Šarić"],
    ["Nguyễn Thị Ánh", "Nguyễn Thị Ánh"],
    ["王小明", "王小明"],
    ["محمد", "محمد"],
    ["㈜매달 2팀", "㈜매달 2팀"],
    ["가".repeat(50), "가".repeat(50)],
  ])("%j as %j", (text, name) => {
    expect(parsePersonName(text)).toBe(name);
  });
});

describe("a name is refused that", () => {
  test.each([
    ["is empty", ""],
    ["is blank", " \u3000 "],
    ["is a Hangul filler", "\u3164"],
    ["is a half-width filler", "\uffa0\uffa0"],
    ["hides a filler", "김\u115f매달"],
    ["is a zero-width space", "\u200b"],
    ["hides a zero-width space", "김\u200b매달"],
    ["hides a joiner", "김\u2060매달"],
    ["hides a byte order mark", "김\ufeff매달"],
    ["hides a soft hyphen", "김\u00ad매달"],
    ["turns text round", "gnp.\u202egpj"],
    ["isolates a direction", "\u2067김매달\u2069"],
    ["marks a direction", "김매달\u200f"],
    ["hides a tag", "김매달\u{e0041}"],
    ["is of empty Braille", "\u2800\u2800"],
    ["breaks a line", "김\n매달"],
    ["separates a line", "김\u2028매달"],
    ["holds a NUL", "김\u0000매달"],
    ["is of signs alone", "!?!"],
    ["grows over its neighbours", `Z${"\u0301".repeat(8)}`],
    ["is private", "\ue000김"],
    ["is broken", "김\ud800"],
    ["is too long", "가".repeat(51)],
  ])("%s", (_case, text) => {
    expect(parsePersonName(text)).toBeNull();
  });
});

test("whatever is taken is taken again as it is, and can be seen", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const name = parsePersonName(text);
      if (name === null) return;
      expect(parsePersonName(name)).toBe(name);
      expect(name).toMatch(/^[^\p{C}\p{Z}].*$/u);
      expect(name).not.toMatch(/[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u);
    }),
    { numRuns: 2_000 },
  );
});
