"use client";

import { type ReactNode, useId } from "react";
import { useFieldState } from "./action-form";
import { FieldError } from "./field";

/** A box to tick, never ticked beforehand. `children` is its label and may hold links. */
export function Checkbox({
  name,
  children,
  required = false,
}: {
  name: string;
  children: ReactNode;
  required?: boolean;
}) {
  const id = useId();
  const { error, value } = useFieldState(name);
  return (
    <div className="grid gap-1">
      <div className="flex items-start gap-3">
        <input
          id={id}
          type="checkbox"
          name={name}
          required={required}
          defaultChecked={value === "on"}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          className="mt-0.5 size-6 shrink-0 cursor-pointer accent-accent"
        />
        <label htmlFor={id} className="pt-px text-sm">
          {children}
        </label>
      </div>
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </div>
  );
}
