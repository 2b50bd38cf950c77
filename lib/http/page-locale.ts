/** The request header in which `proxy.ts` says that a page speaks one language only. */
export const PAGE_LOCALE = "x-page-locale";
