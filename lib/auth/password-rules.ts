/**
 * Which passwords are accepted (NIST SP 800-63B): long ones that are not the first to be guessed. No rule asks for
 * digits or signs; those only lead to `Password1!`.
 */
import { COMMON_PASSWORDS } from "./common-passwords";

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** Digits alone are birthdays and telephone numbers up to this length. */
const GUESSED_DIGITS = 12;

/** Parts of an address that are shorter stand in too many words. */
const MIN_ADDRESS_PART = 3;

export type Weakness = "too-short" | "too-long" | "own-address" | "common";

/** The form in which a password is judged, hashed and compared: the same on every keyboard. */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}

/** Why a password is not accepted of the person with this e-mail address; null when it is. */
export function findWeakness(password: string, email: string): Weakness | null {
  const text = normalizePassword(password).toLowerCase();
  if (lengthOf(text) < MIN_PASSWORD_LENGTH) return "too-short";
  if (lengthOf(text) > MAX_PASSWORD_LENGTH) return "too-long";
  // "Operator1!" is operator@example.com with two signs.
  if (lengthOf(withoutAddress(text, email)) < MIN_PASSWORD_LENGTH) return "own-address";
  return isGuessedFirst(text) ? "common" : null;
}

function isGuessedFirst(text: string): boolean {
  if (/^\d+$/.test(text) && text.length < GUESSED_DIGITS) return true;
  if (/^(.{1,4})\1+.?$/u.test(text) || isRun(text)) return true;
  // "sunshine2026!" is "sunshine" with an ornament.
  const word = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return COMMON_PASSWORDS.has(text) || COMMON_PASSWORDS.has(word);
}

/** "abcdefgh", "87654321": each character follows the one before it. */
function isRun(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  return steps.size === 1 && [...steps].every((step) => Math.abs(step) <= 1);
}

function withoutAddress(text: string, email: string): string {
  const [person = "", host = ""] = email.toLowerCase().split("@");
  const parts = [email.toLowerCase(), person, host, host.split(".")[0] ?? ""];
  return parts
    .filter((part) => part.length >= MIN_ADDRESS_PART)
    .reduce((rest, part) => rest.replaceAll(part, ""), text);
}

/** In characters as people count them, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
