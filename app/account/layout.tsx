import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AccountNav } from "@/components/billing/account-nav";
import { Shell } from "@/components/site/shell";
import { accountText } from "@/components/text/account";
import { signedInOrNull } from "@/lib/auth/session";
import { mayAs } from "@/lib/billing/account/member";
import { findLocale } from "@/lib/http/locale";

export const metadata: Metadata = { robots: { index: false } };

export default async function AccountLayout({ children }: { children: ReactNode }) {
  const text = accountText[await findLocale()];
  const person = await signedInOrNull();
  const mayPay = person === null || mayAs(person.memberRole, "pay");
  return (
    <Shell>
      <div className="mx-auto grid max-w-3xl gap-8 px-5 pt-6 sm:px-8 sm:pt-10">
        <AccountNav label={text.nav} tabs={text.tabs} mayPay={mayPay} />
        {children}
      </div>
    </Shell>
  );
}
