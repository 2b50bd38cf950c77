import { z } from "zod";

const MAX_LENGTH = 50;

/**
 * What a name may not hold: controls, line breaks, and everything that draws nothing or turns the text around it, such
 * as U+202E, U+200B, the Hangul fillers and the empty Braille cell.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** More marks on one letter than any script has: they would grow over the lines around it. */
const PILED_MARKS = /\p{M}{4,}/u;

/** A name as it is stored, in one spelling and with single spaces; null when people could not read it. */
export function parsePersonName(text: string): string | null {
  const name = text
    .normalize("NFC")
    .trim()
    .replaceAll(/\p{Zs}+/gu, " ");
  if (UNSEEN.test(name) || PILED_MARKS.test(name)) return null;
  return /[\p{L}\p{N}]/u.test(name) && [...name].length <= MAX_LENGTH ? name : null;
}

/** The name in a form; its message is a key of `formText`. */
export const personName = z.string("name").transform((text, context) => {
  const name = parsePersonName(text);
  if (name !== null) return name;
  context.addIssue({ code: "custom", message: "name" });
  return z.NEVER;
});
