import type { ReactNode } from "react";
import { siteText } from "@/components/text/site";
import { findLocale } from "@/lib/http/locale";
import { AccountSwitch } from "./account-switch";
import { DocumentLanguage } from "./document-language";
import { Footer } from "./footer";
import { Header } from "./header";

/** Header, content and legal footer: the frame of every page a customer sees. */
export async function Shell({ children }: { children: ReactNode }) {
  const locale = await findLocale();
  const text = siteText[locale];
  return (
    <div lang={locale} className="flex min-h-dvh flex-col">
      <DocumentLanguage locale={locale} />
      <a
        href="#content"
        className="sr-only z-10 rounded-control bg-accent px-4 py-3 font-semibold text-on-accent focus:not-sr-only focus:absolute focus:top-3 focus:left-3"
      >
        {text.skip}
      </a>
      <Header />
      <AccountSwitch />
      <main id="content" tabIndex={-1} className="flex-1 outline-none">
        {children}
      </main>
      <Footer />
    </div>
  );
}
