import type { Metadata } from "next";
import { PolicyPage } from "@/components/policies/policy-page";
import { siteText } from "@/components/text/site";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: siteText[await findLocale()].refund };
}

export default function RefundPage() {
  return <PolicyPage policy="refund" />;
}
