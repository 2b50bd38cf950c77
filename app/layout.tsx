import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { TimeBar } from "@/app/sandbox/time-bar";
import { siteText } from "@/components/text/site";
import { LeavingPending } from "@/components/ui/pending";
import { findLocale } from "@/lib/http/locale";
import { findTheme } from "@/lib/http/theme";
import { env } from "@/lib/runtime/env";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const text = siteText[await findLocale()];
  return {
    metadataBase: new URL(env().APP_URL),
    title: { default: `${text.name} · ${text.tagline}`, template: `%s · ${text.name}` },
    description: text.description,
    formatDetection: { telephone: false },
  };
}

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf8" },
    { media: "(prefers-color-scheme: dark)", color: "#151412" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang={await findLocale()} data-theme={await findTheme()}>
      <body className="antialiased">
        <LeavingPending />
        {children}
        <TimeBar />
      </body>
    </html>
  );
}
