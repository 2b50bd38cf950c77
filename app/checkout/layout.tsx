import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/components/site/shell";

export const metadata: Metadata = { robots: { index: false } };

export default function CheckoutLayout({ children }: { children: ReactNode }) {
  return (
    <Shell>
      <div className="px-5 sm:px-8">{children}</div>
    </Shell>
  );
}
