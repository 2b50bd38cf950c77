import type { PaymentRecord } from "@/packages/toss-twin/store/records";
import { type Merchant, widgetKey } from "@/packages/toss-twin/world";
import { TossError } from "./errors";

type Caller = { readonly merchant: Merchant; readonly keySet: PaymentRecord["keySet"] };

/** The merchant of a Basic header, and which of its two sets of keys: the secret key, a colon, no password. */
export function authenticate(merchants: readonly Merchant[], header: string | null): Caller {
  if (header === null) throw new TossError("UNAUTHORIZED_KEY");
  const encoded = /^Basic +([A-Za-z0-9+/_-]+={0,2})$/i.exec(header.trim())?.[1];
  if (encoded === undefined) throw new TossError("INCORRECT_BASIC_AUTH_FORMAT");
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon === -1) throw new TossError("INCORRECT_BASIC_AUTH_FORMAT");
  const secretKey = decoded.slice(0, colon);
  if (secretKey.startsWith("live_")) {
    throw new TossError("UNAUTHORIZED_KEY", "the emulator takes no live keys");
  }
  const merchant = merchants.find((candidate) => candidate.secretKey === secretKey);
  if (merchant) return { merchant, keySet: "individual" };
  const byWidget = merchants.find((candidate) => widgetKey(candidate.secretKey) === secretKey);
  if (byWidget) return { merchant: byWidget, keySet: "widget" };
  throw new TossError("UNAUTHORIZED_KEY");
}
