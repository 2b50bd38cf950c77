import Link from "next/link";
import { adminText } from "@/components/text/admin";
import { siteText } from "@/components/text/site";
import { findLocale } from "@/lib/locale";
import { customerOrNull, operatorOrNull } from "@/lib/session";
import { Logo } from "./logo";

const LINK =
  "inline-flex min-h-11 items-center rounded-control px-3 font-medium text-muted text-sm transition-colors duration-150 hover:text-ink";

export async function Header() {
  const text = siteText[await findLocale()];
  const customer = await customerOrNull();
  const operator = await operatorOrNull();
  return (
    <header className="border-line border-b bg-canvas">
      <div className="mx-auto flex min-h-16 max-w-5xl items-center justify-between gap-2 px-5 sm:px-8">
        <Link
          href="/"
          aria-label={text.home}
          className="flex min-h-11 items-center gap-2 rounded-control font-bold text-lg tracking-tight"
        >
          <Logo />
          {text.name}
        </Link>
        <nav aria-label={text.nav} className="-mr-3 flex items-center">
          <Link href="/pricing" className={LINK}>
            {text.pricing}
          </Link>
          {customer ? (
            <>
              {operator ? (
                <Link href="/admin" lang="ko" className={LINK}>
                  {adminText.link}
                </Link>
              ) : null}
              <a href="/account" className={LINK}>
                {text.account}
              </a>
              <form method="post" action="/api/sign-out">
                <button type="submit" className={LINK}>
                  {text.signOut}
                </button>
              </form>
            </>
          ) : (
            <Link href="/sign-in" className={LINK}>
              {text.signIn}
            </Link>
          )}
        </nav>
      </div>
    </header>
  );
}
