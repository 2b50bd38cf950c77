import type { Route } from "next";
import type { ComponentProps, ReactNode } from "react";
import { type ButtonVariant, buttonClass } from "./button-class";
import { Link } from "./link";

/** A button that does something on this page; inside a form use SubmitButton. */
export function Button({
  variant = "secondary",
  wide = false,
  ...rest
}: { variant?: ButtonVariant; wide?: boolean } & Omit<ComponentProps<"button">, "className">) {
  return <button type="button" {...rest} className={buttonClass(variant, wide)} />;
}

type LinkTarget =
  | { href: Route; reload?: false }
  /** A full page load: for pages with a security policy of their own (/checkout, /account/card), and foreign ones. */
  | { href: string; reload: true };

/** A link that looks like a button. */
export function LinkButton({
  variant = "secondary",
  wide = false,
  children,
  ...target
}: LinkTarget & { variant?: ButtonVariant; wide?: boolean; children: ReactNode }) {
  const className = buttonClass(variant, wide);
  return target.reload ? (
    <a href={target.href} className={className}>
      {children}
    </a>
  ) : (
    <Link href={target.href} className={className}>
      {children}
    </Link>
  );
}
