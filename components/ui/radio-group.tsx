"use client";

import { type ReactNode, useId } from "react";
import { useFieldState } from "./action-form";
import { FieldError } from "./field";

export type RadioOption = { value: string; label: string; detail?: ReactNode };

/** Choices side by side, all of one size; none is chosen beforehand. */
export function RadioGroup({
  name,
  legend,
  options,
}: {
  name: string;
  legend: string;
  options: readonly RadioOption[];
}) {
  const id = useId();
  const { error, value } = useFieldState(name);
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined} className="grid gap-3">
      <legend className="mb-2 font-medium text-sm">{legend}</legend>
      <div className="grid auto-rows-fr gap-3 sm:grid-cols-2">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex gap-3 rounded-control border border-line-strong bg-surface p-4 transition-colors duration-150 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              defaultChecked={value === option.value}
              className="mt-0.5 size-5 shrink-0 accent-accent outline-none"
            />
            <span className="grid gap-0.5">
              <span className="font-semibold">{option.label}</span>
              {option.detail ? <span className="text-muted text-sm">{option.detail}</span> : null}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </fieldset>
  );
}
