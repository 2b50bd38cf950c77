import { type ErrorCode, TossError } from "./errors";

/** More than anything costs: sums of it are still exact. */
export const mostWon = 1_000_000_000_000;

export type Fields = Readonly<Record<string, unknown>>;

/** A request body as an object; anything else is INVALID_REQUEST. */
export function parseFields(text: string): Fields {
  const parsed = parseJson(text);
  if (parsed === undefined) throw new TossError("INVALID_REQUEST", "JSON");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new TossError("INVALID_REQUEST", "JSON object");
  }
  return Object.fromEntries(Object.entries(parsed));
}

/** Undefined for what is no JSON, or holds half of a character: it could be written into no address and no file. */
export function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    const mayBeHalf = /\\u[dD][89a-fA-F]/.test(text);
    return mayBeHalf && halfCharacter.test(JSON.stringify(parsed)) ? undefined : parsed;
  } catch {
    return undefined;
  }
}

/** As `JSON.stringify` writes it; whole characters it writes as they are. */
const halfCharacter = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

type Length = { readonly max: number; readonly tooLong?: ErrorCode };

/** A required text of at most `max` characters. */
export function requiredText(
  fields: Fields,
  name: string,
  { max, tooLong = "INVALID_REQUEST" }: Length,
): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new TossError("INVALID_REQUEST", name);
  if (value.length > max) throw new TossError(tooLong, name);
  return value;
}

export function optionalText(fields: Fields, name: string, length: Length): string | null {
  return isMissing(fields[name]) ? null : requiredText(fields, name, length);
}

/** The `amount` of a confirmation, as a text too: Toss's published samples hand on the redirect's query as it is. */
export function confirmedAmount(fields: Fields): number {
  const { amount } = fields;
  const isText = typeof amount === "string" && /^\d{1,15}$/.test(amount);
  return requiredAmount(isText ? { amount: Number(amount) } : fields, "amount");
}

/** An e-mail address, by its outer shape. */
export function optionalEmail(fields: Fields, name: string): void {
  const email = optionalText(fields, name, { max: 100 });
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email)) throw new TossError("INVALID_EMAIL");
}

/** Whole won from 0. */
export function requiredAmount(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || Math.abs(value) > mostWon) {
    throw new TossError("INVALID_REQUEST", name);
  }
  return value;
}

export function optionalAmount(fields: Fields, name: string): number | null {
  return isMissing(fields[name]) ? null : requiredAmount(fields, name);
}

/** False when it is not given. */
export function optionalFlag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (isMissing(value)) return false;
  if (typeof value !== "boolean") throw new TossError("INVALID_REQUEST", name);
  return value;
}

export function orderIdField(fields: Fields): string {
  const orderId = requiredText(fields, "orderId", { max: 64, tooLong: "INVALID_ORDER_ID" });
  if (!/^[A-Za-z0-9_=-]{6,64}$/.test(orderId)) throw new TossError("INVALID_ORDER_ID");
  return orderId;
}

/** Longer than 300 runs into the storage, as measured at Toss; the character rules are not enforced there. */
export function customerKeyField(fields: Fields): string {
  const customerKey = requiredText(fields, "customerKey", {
    max: 300,
    tooLong: "FAILED_DB_PROCESSING",
  });
  if (customerKey.length < 2) throw new TossError("INVALID_CUSTOMER_KEY");
  return customerKey;
}

/** The tax-free and exempt shares of `amount`. */
export function taxFields(
  fields: Fields,
  amount: number,
): { taxFreeAmount: number; taxExemptionAmount: number } {
  const taxFreeAmount = optionalAmount(fields, "taxFreeAmount") ?? 0;
  const taxExemptionAmount = optionalAmount(fields, "taxExemptionAmount") ?? 0;
  if (taxFreeAmount < 0 || taxExemptionAmount < 0 || taxFreeAmount + taxExemptionAmount > amount) {
    throw new TossError("INVALID_REQUEST", "taxFreeAmount");
  }
  return { taxFreeAmount, taxExemptionAmount };
}

/** Months of an instalment plan: 0, or 2 to 12 from 50,000 won. */
export function installmentField(fields: Fields, amount: number): number {
  const months = optionalAmount(fields, "cardInstallmentPlan") ?? 0;
  if (months < 0 || months === 1) throw new TossError("INVALID_CARD_INSTALLMENT_PLAN");
  if (months > 12) throw new TossError("EXCEED_MAX_CARD_INSTALLMENT_PLAN");
  if (months > 0 && amount < 50_000) throw new TossError("NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN");
  return months;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
