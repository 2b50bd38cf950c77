"use client";

import { useEffect } from "react";
import type { CheckoutText } from "@/components/text/checkout";
import { Button } from "@/components/ui/button";

/**
 * Sends the form a price's button would have sent, and puts the order page in its own place, so that "back"
 * leads to where the price was chosen. Where the script does not run or the network fails, the button does the same.
 */
export function StartOrder({
  priceId,
  isAtOnce,
  text,
}: {
  priceId: string;
  /** Whether the button was pressed on this site already; otherwise it waits to be pressed here. */
  isAtOnce: boolean;
  text: CheckoutText["start"];
}) {
  useEffect(() => {
    if (!isAtOnce) return;
    fetch("/api/checkouts", { method: "POST", body: new URLSearchParams({ priceId }) }).then(
      ({ url }) => window.location.replace(url),
      // The button is still there.
      () => undefined,
    );
  }, [priceId, isAtOnce]);
  return (
    <form
      method="post"
      action="/api/checkouts"
      className="mx-auto grid w-full max-w-xl justify-items-start gap-4 pt-10 sm:pt-16"
    >
      <h1 className="text-xl">{isAtOnce ? text.title : text.go}</h1>
      {isAtOnce ? <p className="text-muted">{text.body}</p> : null}
      <input type="hidden" name="priceId" value={priceId} />
      <Button type="submit">{text.go}</Button>
    </form>
  );
}
