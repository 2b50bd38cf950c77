/** What a form shows after its action answered. */
export type FormState =
  | { readonly status: "idle" }
  | { readonly status: "done"; readonly message?: string }
  | {
      readonly status: "refused";
      readonly message?: string;
      readonly errors: Readonly<Record<string, string>>;
      /** What was typed, so that nobody types it twice; never a password. */
      readonly values: Readonly<Record<string, string>>;
    }
  /** No answer came. What was typed is kept; whether it was sent is known only when there was no connection. */
  | {
      readonly status: "lost";
      readonly wasOffline: boolean;
      /** Tells one lost answer from the next. */
      readonly lostAt: number;
      readonly values: Readonly<Record<string, string>>;
    };

/** What was typed into a form, but for secrets. */
export function typedValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    const isSecret = name.toLowerCase().includes("password") || name === "token";
    if (typeof value === "string" && !isSecret && !name.startsWith("$")) values[name] = value;
  }
  return values;
}
