import type { authText } from "@/components/text/auth";
import { ActionForm } from "@/components/ui/action-form";
import { SubmitButton } from "@/components/ui/submit-button";
import type { FormState } from "@/lib/http/form-state";

const PEOPLE = [
  { email: "customer@maedal.kr", label: "customer" },
  { email: "operator@maedal.kr", label: "operator" },
] as const;

/** The people of the sandbox, one click each. */
export function DemoSignIns({
  action,
  text,
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  text: (typeof authText)["ko"]["demo"];
}) {
  return (
    <section
      aria-label={text.title}
      className="grid gap-4 rounded-card border border-line-strong border-dashed p-5"
    >
      <div className="grid gap-1">
        <h2 className="text-base">{text.title}</h2>
        <p className="text-muted text-sm">{text.body}</p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        {PEOPLE.map(({ email, label }) => (
          <ActionForm key={email} action={action}>
            <input type="hidden" name="email" value={email} />
            <input type="hidden" name="password" value="maedal1234!" />
            <div className="grid gap-1.5">
              <SubmitButton variant="secondary" wide pending="…">
                {text[label]}
              </SubmitButton>
              <p className="text-center text-muted text-xs">{email}</p>
            </div>
          </ActionForm>
        ))}
      </div>
    </section>
  );
}
