import { accountEn } from "./account-en";
import { accountKo } from "./account-ko";

/** Stored with each consent: names the words below under which it was given. Change both together. */
export const CONSENT_TEXT_VERSION = "2026-11-22";
export const accountText = { ko: accountKo, en: accountEn };
export type AccountText = typeof accountKo;
