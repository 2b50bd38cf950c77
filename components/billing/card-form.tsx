"use client";

import { useRef, useState } from "react";
import type { CheckoutText } from "@/components/text/checkout";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { TossSdk, TossWindow } from "@/lib/browser/toss-window";
import { WindowNotice, type WindowProblem } from "./window-notice";

/** Opens the window in which another card is registered. */
export function CardForm({
  change,
  sdk,
  tossWindow,
  text,
}: {
  /** Says exactly what the button does. */
  change: string;
  sdk: TossSdk;
  tossWindow: TossWindow;
  text: { opening: string } & Pick<CheckoutText, "stops" | "noScript">;
}) {
  const [state, setState] = useState<"ready" | "opening" | WindowProblem>("ready");
  const isOpening = useRef<boolean>(false);
  async function open() {
    if (isOpening.current) return;
    isOpening.current = true;
    setState("opening");
    try {
      const { openTossWindow } = await import("@/lib/browser/toss-window");
      setState(await openTossWindow(sdk, tossWindow));
    } catch {
      setState("offline");
    }
    isOpening.current = false;
  }
  return (
    <div className="grid gap-4">
      {state === "ready" || state === "opening" ? null : (
        <WindowNotice problem={state} text={text.stops} />
      )}
      <noscript>
        <Callout tone="warning">{text.noScript}</Callout>
      </noscript>
      <Button variant="primary" wide aria-disabled={state === "opening"} onClick={open}>
        <span aria-live="polite">{state === "opening" ? text.opening : change}</span>
      </Button>
    </div>
  );
}
