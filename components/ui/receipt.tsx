import type { ReactNode } from "react";

/** A list of what is paid for what: words on the left, amounts on the right. */
export function Receipt({ children }: { children: ReactNode }) {
  return <dl className="grid gap-3">{children}</dl>;
}

/** `total` sets the line apart, as the sum under a bill. */
export function ReceiptLine({
  label,
  children,
  total = false,
}: {
  label: ReactNode;
  children: ReactNode;
  total?: boolean;
}) {
  return (
    <div
      className={`flex items-baseline justify-between gap-6 ${
        total ? "border-line border-t pt-4 font-semibold" : "text-sm"
      }`}
    >
      <dt className={total ? "" : "text-muted"}>{label}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}
