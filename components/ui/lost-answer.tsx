"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { errorText } from "@/components/text/error";
import { Callout } from "./callout";

/**
 * Said when a form got no answer: whether it was sent as far as that is known, and a button that shows how things
 * stand now. It asks by itself as soon as the browser is online again.
 */
export function LostAnswer({ wasOffline }: { wasOffline: boolean }) {
  const router = useRouter();
  const [isAsking, startAsking] = useTransition();
  const [isSeen, setIsSeen] = useState(false);
  // The person's language stands on the document: a form does not know it.
  const text = errorText[document.documentElement.lang === "en" ? "en" : "ko"].lost;
  useEffect(() => {
    const ask = () => startAsking(() => refreshOnline(router.refresh, () => setIsSeen(true)));
    window.addEventListener("online", ask);
    return () => window.removeEventListener("online", ask);
  }, [router]);
  if (isSeen)
    return (
      <Callout tone="info" title={text.seenTitle} live>
        {text.seen}
      </Callout>
    );
  return (
    <Callout tone="warning" title={text.title} live>
      <p>{wasOffline ? text.notSent : text.unknown}</p>
      <button
        type="button"
        aria-disabled={isAsking}
        onClick={() => startAsking(() => refreshOnline(router.refresh, () => setIsSeen(true)))}
        className="mt-2 inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
      >
        {isAsking ? text.asking : text.ask}
      </button>
    </Callout>
  );
}

/** Refreshes only where an answer can be had: without a connection the browser would leave the page for its own. */
async function refreshOnline(refresh: () => void, done: () => void): Promise<void> {
  const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
  if (!answer) return;
  refresh();
  done();
}
