export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "bg-surface text-ink ring-1 ring-inset ring-line-strong hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:bg-danger-strong",
};

/** What every button looks like: 48 px tall, so that a thumb finds it, and of one weight. */
export function buttonClass(variant: ButtonVariant, isWide = false): string {
  return [
    "inline-flex min-h-12 items-center justify-center gap-2 rounded-control px-5 py-2.5 text-center font-semibold",
    "transition-colors duration-150 ease-calm disabled:opacity-60 aria-disabled:opacity-60",
    isWide ? "w-full" : "",
    VARIANTS[variant],
  ].join(" ");
}
