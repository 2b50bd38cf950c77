"use client";

import { Lock } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { CheckoutText } from "@/components/text/checkout";
import { Button, LinkButton } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Checkbox } from "@/components/ui/checkbox";
import type { TossSdk, TossWindow } from "@/lib/browser/toss-window";
import { WindowNotice, type WindowProblem } from "./window-notice";

type Text = Pick<
  CheckoutText,
  "consents" | "tickBoth" | "opening" | "back" | "todayTotal" | "tossNote" | "stops" | "noScript"
>;

/** The required consents and the button. What was ticked is stored before the window opens. */
export function CheckoutForm({
  checkoutId,
  consents,
  amount,
  pay,
  sdk,
  tossWindow,
  text,
}: {
  checkoutId: string;
  consents: { terms: string; payment: string };
  /** What is paid today. */
  amount: ReactNode;
  /** Says exactly what the button does. */
  pay: string;
  sdk: TossSdk;
  tossWindow: TossWindow;
  text: Text;
}) {
  const [state, setState] = useState<"ready" | "opening" | "unticked" | WindowProblem>("ready");
  const isOpening = useRef<boolean>(false);
  const formId = useId();
  useReloadWhenShownAgain();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isOpening.current) return;
    const form = event.currentTarget;
    if (!form.checkValidity()) {
      setState("unticked");
      form.querySelector<HTMLInputElement>("input:invalid")?.focus();
      return;
    }
    isOpening.current = true;
    setState("opening");
    setState(await agreeAndOpen(checkoutId, sdk, tossWindow));
    isOpening.current = false;
  }

  return (
    <>
      <form id={formId} onSubmit={submit} noValidate className="grid gap-6">
        <fieldset className="grid gap-4 rounded-card border border-line bg-surface p-6 sm:px-8">
          <legend className="sr-only">{text.consents}</legend>
          <Checkbox name="terms" required>
            {consents.terms}
          </Checkbox>
          <Checkbox name="payment" required>
            {consents.payment}
          </Checkbox>
          {state === "unticked" ? (
            <Callout tone="bad" live>
              {text.tickBoth}
            </Callout>
          ) : null}
        </fieldset>
        {state !== "ready" && state !== "opening" && state !== "unticked" ? (
          <WindowNotice problem={state} text={text.stops} />
        ) : null}
        <noscript>
          <Callout tone="warning">{text.noScript}</Callout>
        </noscript>
      </form>
      <div className="contents gap-3 sm:grid sm:grid-cols-2">
        <div
          data-pay-bar
          className="sticky bottom-[var(--below,0px)] z-[5] order-1 -mx-5 grid gap-2 border-line border-t bg-canvas px-5 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:static sm:order-2 sm:mx-0 sm:border-0 sm:p-0"
        >
          <p className="flex items-baseline justify-between gap-4 sm:hidden">
            <span className="text-muted text-sm">{text.todayTotal}</span>
            {amount}
          </p>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            wide
            aria-disabled={state === "opening"}
          >
            <span aria-live="polite">{state === "opening" ? text.opening : pay}</span>
          </Button>
        </div>
        <div className="order-2 grid sm:order-1">
          <LinkButton href="/pricing" wide>
            {text.back}
          </LinkButton>
        </div>
      </div>
      <p className="order-3 flex items-start gap-2 text-muted text-xs">
        <Lock aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        {text.tossNote}
      </p>
    </>
  );
}

async function agreeAndOpen(
  checkoutId: string,
  sdk: TossSdk,
  tossWindow: TossWindow,
): Promise<WindowProblem> {
  try {
    const response = await fetch(`/api/checkouts/${checkoutId}/agree`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ terms: true, payment: true }),
    });
    if (response.status === 401) return "signed-out";
    if (!response.ok) {
      // The order went on elsewhere: the page shows where it stands now.
      window.location.reload();
      return "refused";
    }
    // Loaded when wanted: who only reads the order needs nothing of Toss.
    const { openTossWindow } = await import("@/lib/browser/toss-window");
    return await openTossWindow(sdk, tossWindow);
  } catch {
    return "offline";
  }
}

/** A page the browser kept while it was away may hold an order id that is used up. */
function useReloadWhenShownAgain(): void {
  useEffect(() => {
    const reload = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener("pageshow", reload);
    return () => window.removeEventListener("pageshow", reload);
  }, []);
}
