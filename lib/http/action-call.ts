/**
 * Whether a server action is called as our forms call one. Next decodes the arguments before the action sees anything,
 * and answers 500 to what it cannot decode; that is a stranger's mistake, not ours.
 *
 * A form calls an action with its last answer and itself. With a script, part "0" holds both as JSON, the form as a
 * reference ("$K1"). Without one, `$ACTION_REF_3` names the parts `$ACTION_3:0` (which action) and `$ACTION_3:1` (the
 * answer).
 */

/** React's references: a text that begins with "$" is doubled, so any other "$" points somewhere. */
const KNOWN_REFERENCE = /^\$(\$|undefined$|K[0-9a-f]+$)/;

export async function isReadableCall(request: Request): Promise<boolean> {
  const isScripted = request.headers.has("next-action");
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data")) return !isScripted;
  try {
    const form = await request.clone().formData();
    if (isScripted) return isArguments(form.get("0"));
    return [...form.keys()]
      .flatMap((name) => /^\$ACTION_REF_(.*)$/.exec(name)?.[1] ?? [])
      .every(
        (at) =>
          isReference(form.get(`$ACTION_${at}:0`)) && isArguments(form.get(`$ACTION_${at}:1`)),
      );
  } catch {
    return false;
  }
}

function isReference(part: FormDataEntryValue | null): boolean {
  const action: unknown = typeof part === "string" ? JSON.parse(part) : null;
  return (
    typeof action === "object" &&
    action !== null &&
    "id" in action &&
    typeof action.id === "string" &&
    "bound" in action &&
    action.bound === "$@1"
  );
}

function isArguments(part: FormDataEntryValue | null): boolean {
  const values: unknown = typeof part === "string" ? JSON.parse(part) : null;
  return Array.isArray(values) && isPlain(values);
}

function isPlain(value: unknown): boolean {
  if (typeof value === "string") return !value.startsWith("$") || KNOWN_REFERENCE.test(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
}
