"use client";

import { type ReactNode, useId, useRef } from "react";
import { Button } from "./button";
import type { ButtonVariant } from "./button-class";

/**
 * A button that opens a question over the page. The browser's own dialog keeps the focus inside and closes on Escape;
 * closing it changes nothing.
 */
export function Dialog({
  open: openText,
  title,
  close,
  variant = "secondary",
  children,
}: {
  /** The words on the button that opens it. */
  open: string;
  title: string;
  /** The words on the button that closes it. */
  close: string;
  variant?: ButtonVariant;
  children: ReactNode;
}) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Button variant={variant} onClick={() => dialog.current?.showModal()}>
        {openText}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={titleId}
        className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-card bg-surface p-6 text-ink shadow-raised sm:p-8"
      >
        <div className="grid gap-5">
          <h2 id={titleId} className="text-lg">
            {title}
          </h2>
          {children}
          <form method="dialog">
            <Button type="submit" wide>
              {close}
            </Button>
          </form>
        </div>
      </dialog>
    </>
  );
}
