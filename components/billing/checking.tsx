"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { CheckoutText } from "@/components/text/checkout";
import { LinkButton } from "@/components/ui/button";

const POLL_MS = 2_000;
const SLOW_AFTER_MS = 20_000;

/**
 * Has `endpoint` finish what came back from the Toss window, asks how far it is, and draws the page again once the
 * outcome is known. Opened twice or reloaded it only asks again.
 */
export function Checking({
  endpoint,
  later,
  text,
}: {
  endpoint: string;
  /** Where to look later, offered to somebody who has waited for long. */
  later: { readonly href: string; readonly label: string };
  text: CheckoutText["checking"];
}) {
  const router = useRouter();
  const [state, setState] = useState<"usual" | "slow" | "offline">("usual");
  useEffect(() => {
    const stop = new AbortController();
    const slow = setTimeout(() => setState("slow"), SLOW_AFTER_MS);
    void watch(endpoint, stop.signal, (seen) => {
      if (seen === "settled") router.refresh();
      else
        setState((before) => (seen === "offline" ? seen : before === "offline" ? "usual" : before));
    });
    return () => {
      clearTimeout(slow);
      stop.abort();
    };
  }, [endpoint, router]);
  return (
    <div className="mx-auto grid w-full max-w-xl gap-8 pt-10 sm:pt-16">
      <header className="grid gap-3">
        <span
          aria-hidden
          className="mb-2 size-14 animate-spin rounded-full border-4 border-sunken border-t-accent motion-reduce:animate-pulse"
        />
        <h1 className="text-xl">{text.title}</h1>
        <p className="text-muted">{text.body}</p>
        {state === "usual" ? null : <p className="text-sm">{text[state]}</p>}
      </header>
      {state === "slow" ? (
        <LinkButton href={later.href} reload>
          {later.label}
        </LinkButton>
      ) : null}
    </div>
  );
}

type Seen = "settled" | "checking" | "offline";

async function watch(
  endpoint: string,
  signal: AbortSignal,
  tell: (seen: Seen) => void,
): Promise<void> {
  let method = "POST";
  while (!signal.aborted) {
    const seen = await callOnce(endpoint, method, signal);
    if (signal.aborted) return;
    tell(seen);
    // What could not be sent is sent again; what was sent is only asked about.
    if (seen !== "offline") method = "GET";
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function callOnce(endpoint: string, method: string, signal: AbortSignal): Promise<Seen> {
  try {
    // What was begun is not taken back by leaving the page; only asking ends with it.
    const response = await fetch(
      endpoint,
      method === "POST"
        ? { method, headers: { "content-type": "application/json" }, body: "{}" }
        : { signal },
    );
    if (response.status === 401) window.location.reload();
    if (!response.ok) return "offline";
    const answer: unknown = await response.json();
    const isChecking =
      typeof answer === "object" && answer && "kind" in answer && answer.kind === "checking";
    return isChecking ? "checking" : "settled";
  } catch {
    return "offline";
  }
}
