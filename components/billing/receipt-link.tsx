import { ExternalLink } from "lucide-react";

/** To the card sales slip at Toss, in a window of its own. */
export function ReceiptLink({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-11 items-center gap-1.5 font-semibold text-accent text-sm hover:underline"
    >
      {children}
      <ExternalLink aria-hidden className="size-4" />
    </a>
  );
}
