"use client";

import { Button } from "@/components/ui/button";

/**
 * Sends the browser to a provider. By a script and not a form, because the policy of the page lets forms post to this
 * site only, and browsers apply it to every redirect on the way.
 */
export function SocialButtons({
  providers,
  backTo,
}: {
  providers: readonly { id: string; label: string }[];
  /** The page that knows where each person goes on to. */
  backTo: string;
}) {
  return (
    <div className="grid gap-3">
      {providers.map(({ id, label }) => (
        <Button key={id} wide onClick={() => goTo(id, backTo)}>
          {label}
        </Button>
      ))}
    </div>
  );
}

async function goTo(provider: string, callbackUrl: string): Promise<void> {
  const { csrfToken } = await (await fetch("/api/auth/csrf")).json();
  const answer = await fetch(`/api/auth/signin/${provider}`, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, callbackUrl, json: "true" }),
  });
  const { url } = await answer.json();
  window.location.assign(url);
}
