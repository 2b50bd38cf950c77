import { createHash, randomBytes, randomFillSync, randomInt, randomUUID } from "node:crypto";
import { seoulTime } from "@/packages/toss-twin/time/seoul";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Shapes as Toss gives them (fact sheet section 3); clients must treat all of them as opaque. */
export function newPaymentKey(mId: string, now: number, isTaken: (key: string) => boolean): string {
  const time = seoulTime(now).slice(0, 19).replace(/\D/g, "");
  let key: string;
  do {
    key = `${mId.slice(0, 5)}${time}${randomText(5)}`;
  } while (isTaken(key));
  return key;
}

/** 44 characters of base64url that end in "=". */
export function newBillingKey(): string {
  return `${randomBytes(32).toString("base64url")}=`;
}

export function newAuthKey(): string {
  return `bln_${randomText(28)}`;
}

export function newWindowId(): string {
  return `win_${randomText(28)}`;
}

export function newReceiptKey(): string {
  return randomText(30);
}

export function newTransmissionId(): string {
  return `whtrans_a01${randomText(23).toLowerCase()}`;
}

export function newDeliveryId(): string {
  return `dlv_${randomText(20)}`;
}

/** Digits behind the X with which accounts of the test environment start. */
export function newVirtualAccountNumber(): string {
  return `X${randomDigits(13)}`;
}

export function randomDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join("");
}

/** The same text gives the same name, and nothing of the text can be read from it. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

export function newSecret(): string {
  return `ps_${randomText(28)}`;
}

/** Of a payment that began in the window since May 2025, and of any other. */
export function newTransactionKey(isOfWindow: boolean): string {
  return isOfWindow ? `txrd_a01${randomText(23).toLowerCase()}` : newHexId().toUpperCase();
}

/** 32 hex characters, as trace ids are. */
export function newHexId(): string {
  return randomUUID().replaceAll("-", "");
}

export function maskKey(key: string): string {
  return key.length > 12 ? `${key.slice(0, 4)}****${key.slice(-4)}` : "****";
}

/** A name for a billing key that may be shown and logged: it cannot be turned back. */
export function billingKeyId(billingKey: string): string {
  return shortHash(billingKey);
}

// Drawn in large portions: one system call for each id would be a good part of the cost of a charge.
const pool = Buffer.alloc(8_192);
let used = pool.length;

function randomText(length: number): string {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = "";
  for (const byte of pool.subarray(used, used + length)) text += alphabet[byte % alphabet.length];
  used += length;
  return text;
}
