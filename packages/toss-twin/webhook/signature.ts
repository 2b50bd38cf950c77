import { createHmac } from "node:crypto";

export type KeyEncoding = "text" | "hex";

type SecurityKeys = {
  readonly securityKeys: readonly string[];
  readonly securityKeyEncoding: KeyEncoding;
};

/**
 * The signature header of payout.changed and seller.changed (fact sheet 7.4): HMAC-SHA256 over the raw body, a colon
 * and the transmission time, one value for each security key that is valid.
 */
export function signWebhook(
  rawBody: string,
  transmissionTime: string,
  { securityKeys, securityKeyEncoding }: SecurityKeys,
): string {
  return securityKeys
    .map((key) => {
      const bytes = Buffer.from(key, securityKeyEncoding === "hex" ? "hex" : "utf8");
      const mac = createHmac("sha256", bytes).update(`${rawBody}:${transmissionTime}`);
      return `v1:${mac.digest("base64")}`;
    })
    .join(",");
}
