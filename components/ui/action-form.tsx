"use client";

import {
  createContext,
  type ReactNode,
  use,
  useActionState,
  useEffect,
  useRef,
  useSyncExternalStore,
} from "react";
import { type FormState, typedValues } from "@/lib/http/form-state";
import { Callout } from "./callout";
import { LostAnswer } from "./lost-answer";

type Action = (state: FormState, form: FormData) => Promise<FormState>;

/** A password that was tried and refused is typed again; one that is being chosen stays. */
const TRIED = "input[autocomplete=current-password]";

const IDLE: FormState = { status: "idle" };
const FormContext = createContext<FormState>(IDLE);

/**
 * A form around a server action of `app/action.ts`. Works without JavaScript; with it, the answer appears in place,
 * what was typed stays, and the first field in need of attention gets the focus. A new password stays in the browser
 * alone: no answer carries it.
 */
export function ActionForm({ action, children }: { action: Action; children: ReactNode }) {
  const isAwake = useIsAwake();
  const [state, submit] = useActionState(isAwake ? answering(action) : action, IDLE);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.status !== "refused") return;
    for (const tried of form.current?.querySelectorAll<HTMLInputElement>(TRIED) ?? [])
      tried.value = "";
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state]);
  return (
    <form
      ref={form}
      action={submit}
      // React empties a form once its action answered. Only one that did its work may be emptied.
      onReset={(event) => {
        if (state.status !== "done") event.preventDefault();
      }}
      noValidate
      className="grid gap-5"
    >
      <FormContext value={state}>
        {state.status === "lost" ? (
          <LostAnswer key={state.lostAt} wasOffline={state.wasOffline} />
        ) : null}
        {(state.status === "done" || state.status === "refused") && state.message ? (
          <Callout tone={state.status === "done" ? "good" : "bad"} live>
            {state.message}
          </Callout>
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
  if (state.status === "lost") return { error: undefined, value: state.values[name] };
  if (state.status !== "refused") return { error: undefined, value: undefined };
  return { error: state.errors[name], value: state.values[name] };
}

/** The same action, answering in the form's own words when the connection breaks. */
function answering(action: Action): Action {
  return async (state, form) => {
    const wasOffline = !navigator.onLine;
    try {
      return await action(state, form);
    } catch (fault) {
      if (!isLost(fault)) throw fault;
      const lostAt = performance.now();
      return { status: "lost", wasOffline, lostAt, values: typedValues(form) };
    }
  };
}

/** How browsers say that a request got no answer: Chromium, Firefox, Safari, and React for one that broke off. */
const LOST = /failed to fetch|networkerror|load failed|network error|connection closed/i;

function isLost(fault: unknown): boolean {
  return fault instanceof Error && LOST.test(fault.message);
}

/** Whether the script has taken the page over; before that the form itself sends the action. */
function useIsAwake(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
