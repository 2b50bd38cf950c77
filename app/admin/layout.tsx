import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/components/site/shell";

export const metadata: Metadata = { robots: { index: false } };

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <Shell>
      <div className="mx-auto max-w-5xl px-5 pt-8 pb-4 sm:px-8 sm:pt-12">{children}</div>
    </Shell>
  );
}
