"use client";

import { createContext, type ReactNode, use, useActionState, useEffect, useRef } from "react";
import type { FormState } from "@/lib/action";
import { Notice } from "./notice";

const IDLE: FormState = { status: "idle" };
const FormContext = createContext<FormState>(IDLE);

/**
 * A form around a server action of `lib/action.ts`. Works without JavaScript; with it, the answer appears in place,
 * what was typed stays (but for passwords), and the first field in need of attention gets the focus.
 */
export function ActionForm({
  action,
  children,
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  children: ReactNode;
}) {
  const [state, submit] = useActionState(action, IDLE);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.status === "refused")
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state]);
  return (
    <form ref={form} action={submit} noValidate className="grid gap-5">
      <FormContext value={state}>
        {state.status !== "idle" && state.message ? (
          <Notice tone={state.status === "done" ? "good" : "bad"} live>
            {state.message}
          </Notice>
        ) : null}
        {children}
      </FormContext>
    </form>
  );
}

/** What the last answer says about one field of the form around the caller. */
export function useFieldState(name: string): {
  error: string | undefined;
  value: string | undefined;
} {
  const state = use(FormContext);
  if (state.status !== "refused") return { error: undefined, value: undefined };
  return { error: state.errors[name], value: state.values[name] };
}
