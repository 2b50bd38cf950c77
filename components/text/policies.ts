/**
 * The terms, the privacy policy and the refund policy. Numbers come from the rules that act on them, so that what is
 * promised and what is done cannot part. A change takes a new version and 7 days' notice, 30 when it is to anybody's
 * disadvantage.
 */
import { parseCalendarDate } from "@/lib/billing/calendar";
import { policiesEn } from "./policies-en";
import { policiesKo } from "./policies-ko";

/** What is stored with a consent: which texts were agreed to. */
export const TERMS_VERSION = "1.1";
export const TERMS_EFFECTIVE_ON = parseCalendarDate("2026-11-27");

export const policiesText = { ko: policiesKo, en: policiesEn };
