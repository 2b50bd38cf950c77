import type { Metadata } from "next";
import { Suspense } from "react";
import { PaymentList } from "@/components/billing/payment-list";
import { PaymentsSkeleton } from "@/components/billing/skeletons";
import { type AccountText, accountText } from "@/components/text/account";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { listPayments } from "@/db/invoices";
import { findLocale, type Locale } from "@/lib/locale";
import { requireCustomer } from "@/lib/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].payments.title };
}

export default async function PaymentsPage() {
  const { customerId } = await requireCustomer("/account/payments");
  const locale = await findLocale();
  const text = accountText[locale];
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.payments.title}</h1>
      <Suspense fallback={<PaymentsSkeleton />}>
        <Payments customerId={customerId} locale={locale} text={text} />
      </Suspense>
    </div>
  );
}

async function Payments({
  customerId,
  locale,
  text,
}: {
  customerId: string;
  locale: Locale;
  text: AccountText;
}) {
  const payments = await listPayments(customerId);
  if (payments.length > 0) {
    return (
      <>
        <PaymentList payments={payments} locale={locale} text={text} />
        <p className="text-muted text-xs">{text.payments.tax}</p>
      </>
    );
  }
  return (
    <Card labelledBy="no-payments">
      <div className="grid justify-items-start gap-3">
        <h2 id="no-payments" className="text-lg">
          {text.payments.emptyTitle}
        </h2>
        <p className="text-muted">{text.payments.empty}</p>
        <LinkButton href="/pricing">{text.payments.plans}</LinkButton>
      </div>
    </Card>
  );
}
