import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { formText } from "@/components/text/form";
import { memberText } from "@/components/text/member";
import type { SignedIn } from "@/db/user";
import { mayOperate, operatorOrNull, signedInOrNull } from "@/lib/auth/session";
import { mayAs, type Right } from "@/lib/billing/account/member";
import { type FormState, typedValues } from "@/lib/http/form-state";
import { findLocale, type Locale } from "@/lib/http/locale";
import { withNext } from "@/lib/http/next-path";
import { type ClientAddress, clientAddress } from "@/lib/http/rate-limit";
import { isSameOrigin } from "@/lib/http/same-origin";

/** An id of a row, as forms bring it back. */
export const rowId = z.string().regex(/^\w{1,64}$/);

export type FormAnswer =
  | { readonly status: "done"; readonly message?: string }
  | {
      readonly status: "refused";
      readonly message?: string;
      readonly errors?: Readonly<Record<string, string>>;
    };

export type ActionContext = { readonly locale: Locale; readonly address: ClientAddress };

type Action = (state: FormState, form: FormData) => Promise<FormState>;

/**
 * An action anybody may call. The form is parsed with `schema`, whose messages are keys of `formText`; a form that does not
 * fit never reaches `work`. `work` may redirect.
 */
export function publicAction<S extends z.ZodType>(
  schema: S,
  work: (input: z.output<S>, context: ActionContext) => Promise<FormAnswer>,
): Action {
  return async (_state, form) => {
    const head = await headers();
    if (!isSameOrigin({ headers: head })) notFound();
    const locale = await findLocale();
    // An action is a public address: what calls it need not be our form. PostgreSQL stores no NUL.
    const isForm = form instanceof FormData && [...form.values()].every(isStorable);
    const values = isForm ? typedValues(form) : {};
    const parsed = schema.safeParse(isForm ? Object.fromEntries(form) : undefined);
    if (!parsed.success)
      return { status: "refused", errors: fieldErrors(parsed.error, locale), values };
    const context = { locale, address: clientAddress(head) };
    const answer = await work(parsed.data, context);
    return answer.status === "done" ? answer : { errors: {}, ...answer, values };
  };
}

/** An action of the person who is signed in; others are sent to sign in and come back to the page they were on. */
export function signedInAction<S extends z.ZodType>(
  schema: S,
  work: (person: SignedIn, input: z.output<S>, context: ActionContext) => Promise<FormAnswer>,
): Action {
  return async (state, form) => {
    const person = await signedInOrNull();
    if (!person) redirect(withNext("/sign-in", await currentPath()));
    return publicAction(schema, (input, context) => work(person, input, context))(state, form);
  };
}

/** An action for the account the person looks at; who may not do this for it is told why. */
export function accountAction<S extends z.ZodType>(
  right: Right,
  schema: S,
  work: (person: SignedIn, input: z.output<S>, context: ActionContext) => Promise<FormAnswer>,
): Action {
  return signedInAction(schema, async (person, input, context) =>
    mayAs(person.memberRole, right)
      ? work(person, input, context)
      : refused(memberText[context.locale].notAllowed[right]),
  );
}

/** An action of somebody who may act in the console; for everybody else there is no such action. */
export function operatorAction<S extends z.ZodType>(
  schema: S,
  work: (operator: SignedIn, input: z.output<S>, context: ActionContext) => Promise<FormAnswer>,
): Action {
  return async (state, form) => {
    const operator = await operatorOrNull();
    if (!operator || !mayOperate(operator)) notFound();
    return publicAction(schema, (input, context) => work(operator, input, context))(state, form);
  };
}

export function done(message?: string): FormAnswer {
  return message === undefined ? { status: "done" } : { status: "done", message };
}

/** `errors` by field name; `message` for what concerns the whole form. */
export function refused(
  message: string | undefined,
  errors?: Readonly<Record<string, string>>,
): FormAnswer {
  return {
    status: "refused",
    ...(message === undefined ? {} : { message }),
    ...(errors === undefined ? {} : { errors }),
  };
}

function isStorable(value: FormDataEntryValue): boolean {
  return typeof value === "string" && !value.includes("\0");
}

function fieldErrors(error: z.ZodError, locale: Locale): Record<string, string> {
  const text: Readonly<Record<string, string>> = formText[locale];
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) {
    errors[String(path[0] ?? "")] ??= text[message] ?? formText[locale].invalid;
  }
  return errors;
}

/** The page the form stands on, as the browser tells. */
async function currentPath(): Promise<string> {
  const referer = (await headers()).get("referer");
  if (!referer || !URL.canParse(referer)) return "/account";
  const { pathname, search } = new URL(referer);
  return pathname + search;
}
