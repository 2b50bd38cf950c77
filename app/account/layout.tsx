import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AccountNav } from "@/components/billing/account-nav";
import { Shell } from "@/components/site/shell";
import { accountText } from "@/components/text/account";
import { findLocale } from "@/lib/http/locale";

export const metadata: Metadata = { robots: { index: false } };

export default async function AccountLayout({ children }: { children: ReactNode }) {
  const text = accountText[await findLocale()];
  return (
    <Shell>
      <div className="mx-auto grid max-w-3xl gap-8 px-5 pt-6 sm:px-8 sm:pt-10">
        <AccountNav label={text.nav} tabs={text.tabs} />
        {children}
      </div>
    </Shell>
  );
}
