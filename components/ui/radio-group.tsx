"use client";

import { useId } from "react";
import { useFieldState } from "./action-form";
import { FieldError } from "./field";

/** One of a few, none chosen beforehand. */
export function RadioGroup({
  name,
  label,
  choices,
}: {
  name: string;
  label: string;
  choices: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
}) {
  const id = useId();
  const { error, value } = useFieldState(name);
  return (
    <fieldset className="grid gap-1.5" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="flex min-h-12 cursor-pointer items-center gap-3 rounded-control border border-line-strong px-4 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            defaultChecked={value === choice.value}
            aria-invalid={error ? true : undefined}
            className="size-5 shrink-0 accent-accent"
          />
          <span className="grid">
            <span className="font-medium text-sm">{choice.label}</span>
            {choice.hint ? <span className="text-muted text-xs">{choice.hint}</span> : null}
          </span>
        </label>
      ))}
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </fieldset>
  );
}
