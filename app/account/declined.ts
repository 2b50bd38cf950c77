/** The cookie that names the subscriptions whose question for consent was answered with no. */
export const CONSENT_DECLINED = "consent-declined";

export function readDeclined(cookie: string | undefined): readonly string[] {
  return cookie?.split(".") ?? [];
}
