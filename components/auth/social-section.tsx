import { authText } from "@/components/text/auth";
import { offeredProviders } from "@/lib/auth/next-auth";
import { findLocale } from "@/lib/http/locale";
import { withNext } from "@/lib/http/next-path";
import { SocialButtons } from "./social-buttons";

/** The other ways in, when any of them is set up. */
export async function SocialSection({ next }: { next: string }) {
  const text = authText[await findLocale()];
  const providers = offeredProviders().map((id) => ({ id, label: text.social[id] }));
  if (providers.length === 0) return null;
  return (
    <div className="grid gap-5">
      <p className="flex items-center gap-4 text-muted text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {text.or}
      </p>
      <SocialButtons providers={providers} backTo={withNext("/sign-in", next)} />
      <p className="text-center text-muted text-xs">{text.socialTerms}</p>
    </div>
  );
}
