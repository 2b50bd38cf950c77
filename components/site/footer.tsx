import { ExternalLink } from "lucide-react";
import { siteText } from "@/components/text/site";
import { Link } from "@/components/ui/link";
import { findLocale } from "@/lib/http/locale";
import { type Env, env } from "@/lib/runtime/env";
import { Preferences } from "./preferences";

const LINK = "inline-flex min-h-11 items-center hover:text-ink sm:min-h-0";

/** Who sells here (E-Commerce Act §10 and §13, its Rule §7), and the register at which that can be checked. */
export async function Footer() {
  const text = siteText[await findLocale()];
  const seller = env();
  return (
    <footer className="mt-20 border-line border-t text-muted text-xs">
      <div className="mx-auto grid max-w-5xl gap-6 px-5 py-10 sm:px-8">
        <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4">
          <nav aria-label={text.policies} className="flex flex-wrap gap-x-5 gap-y-1">
            <Link href="/terms" className={LINK}>
              {text.terms}
            </Link>
            <Link href="/privacy" className={`${LINK} font-semibold text-ink`}>
              {text.privacy}
            </Link>
            <Link href="/refund" className={LINK}>
              {text.refund}
            </Link>
          </nav>
          <Preferences />
        </div>
        <section aria-label={text.business} className="grid gap-2">
          <p lang="ko" className="font-semibold text-ink text-sm">
            {seller.BUSINESS_NAME ?? text.name}
          </p>
          <dl className="flex flex-wrap gap-x-4 gap-y-1">
            {particulars(seller, text).map(([label, value]) => (
              <div key={label} className="flex gap-1.5">
                <dt>{label}</dt>
                <dd lang={value ? "ko" : undefined} className="text-ink">
                  {value ?? text.missing}
                </dd>
              </div>
            ))}
          </dl>
          {seller.BUSINESS_REGISTRATION_NUMBER ? (
            <p>
              <a
                href={registerAddress(seller.BUSINESS_REGISTRATION_NUMBER)}
                target="_blank"
                rel="noreferrer"
                className="inline-flex min-h-11 items-center gap-1 underline underline-offset-4 hover:text-ink sm:min-h-0"
              >
                {text.checkBusiness}
                <ExternalLink aria-hidden className="size-3.5" />
                <span className="sr-only">({text.newWindow})</span>
              </a>
            </p>
          ) : null}
        </section>
      </div>
    </footer>
  );
}

function particulars(seller: Env, text: (typeof siteText)["ko"]) {
  const number = seller.BUSINESS_REGISTRATION_NUMBER?.replaceAll("-", "");
  return [
    [text.representative, seller.BUSINESS_REPRESENTATIVE],
    [text.registration, number?.replace(/^(\d{3})(\d{2})(\d{5})$/, "$1-$2-$3")],
    [text.mailOrder, seller.BUSINESS_MAIL_ORDER_NUMBER],
    [text.address, seller.BUSINESS_ADDRESS],
    [text.phone, seller.BUSINESS_PHONE],
    [text.email, seller.BUSINESS_EMAIL],
    [text.hosting, seller.BUSINESS_HOSTING_PROVIDER],
  ] as const;
}

/** The Fair Trade Commission's public page of a business. */
function registerAddress(registrationNumber: string): string {
  const number = registrationNumber.replaceAll("-", "");
  return `https://www.ftc.go.kr/bizCommPop.do?wrkr_no=${number}`;
}
