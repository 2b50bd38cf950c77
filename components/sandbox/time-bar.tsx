import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { formatInstant } from "@/components/sandbox/instant";
import { sandboxText } from "@/components/text/sandbox";
import { env } from "@/lib/env";
import { findLocale } from "@/lib/locale";
import { sandboxNow } from "@/sandbox/clock";

/** The sandbox's time under every page, striped so that nobody takes it for production, where there is none. */
export async function TimeBar() {
  const { APP_ENV, SANDBOX_CLOCK_FILE } = env();
  if (APP_ENV !== "sandbox" || !SANDBOX_CLOCK_FILE) return null;
  const locale = await findLocale();
  const text = sandboxText[locale];
  const now = sandboxNow(SANDBOX_CLOCK_FILE);
  return (
    <aside
      aria-label={text.bar}
      className="sticky bottom-0 z-10 border-line-strong border-t bg-warning-soft text-ink text-xs print:hidden"
    >
      <div
        aria-hidden
        className="h-1.5 bg-[repeating-linear-gradient(135deg,var(--warning)_0_0.75rem,var(--warning-soft)_0.75rem_1.5rem)]"
      />
      <div className="mx-auto flex min-h-11 max-w-5xl flex-wrap items-center justify-between gap-x-4 px-5 sm:px-8">
        <p className="flex items-center gap-2">
          <FlaskConical aria-hidden className="size-4 shrink-0 text-warning" />
          <span className="max-sm:sr-only">{text.bar}</span>
          <time dateTime={now.toISOString()} className="whitespace-nowrap font-semibold">
            {formatInstant(now, locale)}
          </time>
          <span className="text-muted max-md:hidden">· {text.barNote}</span>
        </p>
        <Link
          href="/sandbox"
          className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
        >
          {text.barLink}
        </Link>
      </div>
    </aside>
  );
}
