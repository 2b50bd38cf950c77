"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Tries the declined card once more, because the customer asked for it. */
export function RetryCard({
  endpoint,
  text,
}: {
  endpoint: string;
  text: { retry: string; retrying: string; offline: string };
}) {
  const router = useRouter();
  const [isTrying, startTrying] = useTransition();
  const [isLost, setIsLost] = useState(false);
  const retry = () =>
    startTrying(async () => {
      setIsLost(false);
      try {
        const response = await fetch(endpoint, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ retryCard: true }),
        });
        if (!response.ok) setIsLost(true);
      } catch {
        setIsLost(true);
      }
      router.refresh();
    });
  return (
    <div className="grid gap-3">
      <Button wide aria-disabled={isTrying} onClick={() => isTrying || retry()}>
        <span aria-live="polite">{isTrying ? text.retrying : text.retry}</span>
      </Button>
      {isLost ? (
        <Notice tone="bad" live>
          {text.offline}
        </Notice>
      ) : null}
    </div>
  );
}
