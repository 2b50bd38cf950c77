"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonVariant, buttonClass } from "./button-class";

/** Sends its form. While the answer is awaited it says so, keeps its width and ignores further clicks. */
export function SubmitButton({
  children,
  pending: pendingText,
  variant = "primary",
  wide = false,
  name,
  value,
}: {
  children: ReactNode;
  /** Said while waiting, such as "결제하는 중이에요". */
  pending: string;
  variant?: ButtonVariant;
  wide?: boolean;
  name?: string;
  value?: string;
}) {
  const { pending, data } = useFormStatus();
  const isMine = pending && (name === undefined || data?.get(name) === value);
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-disabled={pending}
      onClick={(event) => pending && event.preventDefault()}
      className={buttonClass(variant, wide)}
    >
      <span className="grid items-center justify-items-center [&>*]:[grid-area:1/1]">
        <span className={isMine ? "invisible" : undefined}>{children}</span>
        <span role="status">{isMine ? pendingText : null}</span>
      </span>
    </button>
  );
}
