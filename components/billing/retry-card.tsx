"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { LostAnswer } from "@/components/ui/lost-answer";

/** Tries the declined card once more, because the customer asked for it. */
export function RetryCard({
  endpoint,
  text,
}: {
  endpoint: string;
  text: { retry: string; retrying: string };
}) {
  const router = useRouter();
  const [isTrying, startTrying] = useTransition();
  const [lost, setLost] = useState<{ at: number; wasOffline: boolean } | null>(null);
  const retry = () =>
    startTrying(async () => {
      const wasOffline = !navigator.onLine;
      setLost(null);
      try {
        const response = await fetch(endpoint, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ retryCard: true }),
        });
        if (!response.ok) throw new Error(`The try was answered with ${response.status}`);
        router.refresh();
      } catch {
        // Money may have moved: only how things stand now tells.
        setLost({ at: performance.now(), wasOffline });
      }
    });
  return (
    <div className="grid gap-3">
      <Button wide aria-disabled={isTrying} onClick={() => isTrying || retry()}>
        <span aria-live="polite">{isTrying ? text.retrying : text.retry}</span>
      </Button>
      {lost ? <LostAnswer key={lost.at} wasOffline={lost.wasOffline} /> : null}
    </div>
  );
}
