"use client";

import { usePathname } from "next/navigation";
import type { AccountText } from "@/components/text/account";
import { Link } from "@/components/ui/link";

const TABS = [
  { key: "subscription", href: "/account" },
  { key: "payments", href: "/account/payments" },
  { key: "card", href: "/account/card" },
  { key: "members", href: "/account/members" },
  { key: "profile", href: "/account/profile" },
  { key: "security", href: "/account/security" },
] as const;

const LINK =
  "-mb-px inline-flex min-h-12 shrink-0 items-center border-transparent border-b-2 px-2 font-medium text-muted text-sm transition-colors duration-150 hover:text-ink sm:px-3 aria-[current]:border-accent aria-[current]:font-semibold aria-[current]:text-ink";

/** What a plain member does not see. */
const OF_MONEY: readonly string[] = ["payments", "card"];

/** The pages of the account. The card page is entered by a full page load, since it has a security policy of its own. */
export function AccountNav({
  label,
  tabs,
  mayPay,
}: {
  label: string;
  tabs: AccountText["tabs"];
  mayPay: boolean;
}) {
  const path = usePathname();
  const current = TABS.findLast(({ href }) => path === href || path.startsWith(`${href}/`));
  return (
    <nav aria-label={label} className="-mx-2 flex overflow-x-auto border-line border-b sm:-mx-3">
      {TABS.filter(({ key }) => mayPay || !OF_MONEY.includes(key)).map(({ key, href }) => {
        const shared = {
          className: LINK,
          "aria-current": key === current?.key ? ("page" as const) : undefined,
        };
        return href === "/account/card" ? (
          <a key={key} href={href} {...shared}>
            {tabs[key]}
          </a>
        ) : (
          <Link key={key} href={href} {...shared}>
            {tabs[key]}
          </Link>
        );
      })}
    </nav>
  );
}
