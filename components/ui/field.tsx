"use client";

import { CircleAlert } from "lucide-react";
import { type HTMLInputTypeAttribute, type ReactNode, useId } from "react";
import { useFieldState } from "./action-form";

/** One line of text with its label above and, when it was refused, the reason right below. */
export function Field({
  name,
  label,
  hint,
  type = "text",
  ...input
}: {
  name: string;
  label: string;
  hint?: string;
  type?: HTMLInputTypeAttribute;
  autoComplete?: string;
  inputMode?: "text" | "email" | "numeric" | "tel";
  defaultValue?: string;
  placeholder?: string;
  required?: boolean;
  readOnly?: boolean;
  maxLength?: number;
}) {
  const id = useId();
  const { error, value } = useFieldState(name);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <input
        {...input}
        id={id}
        name={name}
        type={type}
        defaultValue={value ?? input.defaultValue}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        className="min-h-12 w-full rounded-control border border-line-strong bg-surface px-4 text-ink transition-colors duration-150 placeholder:text-muted read-only:bg-sunken aria-invalid:border-danger"
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </div>
  );
}

/** The reason a field was refused, with a shape beside the colour. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <p id={id} className="flex items-start gap-1.5 font-medium text-danger text-xs">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {children}
    </p>
  );
}
