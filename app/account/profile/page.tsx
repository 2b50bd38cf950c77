import type { Metadata } from "next";
import { updateProfileAction } from "@/app/account/actions";
import { accountText } from "@/components/text/account";
import { ActionForm } from "@/components/ui/action-form";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { requireSignedIn } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: accountText[await findLocale()].profile.title };
}

export default async function ProfilePage() {
  const { name, email } = await requireSignedIn("/account/profile");
  const text = accountText[await findLocale()].profile;
  return (
    <div className="grid gap-6">
      <h1 className="text-xl">{text.title}</h1>
      <Card>
        <ActionForm action={updateProfileAction}>
          <Field
            name="email"
            label={text.email}
            hint={text.emailHint}
            defaultValue={email}
            readOnly
          />
          <Field
            name="name"
            label={text.name}
            hint={text.nameHint}
            defaultValue={name}
            autoComplete="name"
            maxLength={50}
          />
          <div>
            <SubmitButton pending={text.saving}>{text.save}</SubmitButton>
          </div>
        </ActionForm>
      </Card>
    </div>
  );
}
