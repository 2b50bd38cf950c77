import { siteText } from "@/components/text/site";
import { Link } from "@/components/ui/link";
import { operatorOrNull, signedInOrNull } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";
import { Logo } from "./logo";

const LINK =
  "inline-flex min-h-11 items-center whitespace-nowrap rounded-control px-2 font-medium text-muted text-sm transition-colors duration-150 hover:text-ink sm:px-3";

export async function Header() {
  const text = siteText[await findLocale()];
  const person = await signedInOrNull();
  const operator = await operatorOrNull();
  return (
    <header className="border-line border-b bg-canvas">
      <div className="mx-auto flex min-h-16 max-w-5xl items-center justify-between gap-2 px-5 sm:px-8">
        <Link
          href="/"
          aria-label={text.home}
          className="flex h-11 min-w-7 shrink-[999] flex-wrap gap-x-2 overflow-hidden rounded-control font-bold text-lg tracking-tight"
        >
          {/* Where the line is full, the name wraps out of sight and the sign stays. */}
          <span className="flex h-11 items-center">
            <Logo />
          </span>
          <span className="flex h-11 items-center">{text.name}</span>
        </Link>
        <nav
          aria-label={text.nav}
          className="-mr-2 flex max-w-[calc(100%-1.75rem)] shrink-0 flex-wrap items-center justify-end sm:-mr-3"
        >
          <Link href="/pricing" className={LINK}>
            {text.pricing}
          </Link>
          {person ? (
            <>
              {operator ? (
                <Link href="/admin" className={LINK}>
                  {text.console}
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
