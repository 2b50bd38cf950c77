"use client";

import { useEffect } from "react";
import type { Locale } from "@/lib/http/locale";

/** Sets the language on the document when a link led here from a page in another: only a full load draws it anew. */
export function DocumentLanguage({ locale }: { locale: Locale }) {
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return null;
}
