"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { SandboxText } from "@/components/text/sandbox";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Locale } from "@/lib/locale";
import { formatInstant } from "./instant";

type State =
  | { readonly kind: "idle" | "stalled" | "failed" }
  | { readonly kind: "moving" | "arrived"; readonly at: Date };

type ToldText = { moving: string; arrived: string; stalled: string; failed: string };

const POLL_MS = 300;

/** Moves the sandbox's time and tells where it is meanwhile. */
export function ClockControls({
  hasNext,
  locale,
  text,
}: {
  hasNext: boolean;
  locale: Locale;
  text: Pick<SandboxText, "day" | "month" | "toNext" | "dayLabel" | "go"> & ToldText;
}) {
  const router = useRouter();
  const [state, setState] = useState<State>({ kind: "idle" });
  const isMoving = state.kind === "moving";

  async function move(to: string) {
    if (isMoving) return;
    const from = await begin(to);
    if (from === null) return setState({ kind: "failed" });
    const end = await follow((at) => setState({ kind: "moving", at }));
    setState(end);
    router.replace(`/sandbox?since=${encodeURIComponent(from)}`, { scroll: false });
    router.refresh();
  }

  function moveToDay(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const day = new FormData(event.currentTarget).get("day");
    if (typeof day === "string" && day !== "") void move(day);
  }

  return (
    <div className="grid gap-5">
      <div className="grid gap-3 sm:grid-cols-3">
        <Button aria-disabled={isMoving} onClick={() => void move("+1day")}>
          {text.day}
        </Button>
        <Button aria-disabled={isMoving} onClick={() => void move("+1month")}>
          {text.month}
        </Button>
        <Button
          variant="primary"
          aria-disabled={isMoving}
          disabled={!hasNext}
          onClick={() => void move("next")}
        >
          {text.toNext}
        </Button>
      </div>
      <form onSubmit={moveToDay} className="flex flex-wrap items-end gap-3">
        <label className="grid flex-1 gap-1.5 font-medium text-sm">
          {text.dayLabel}
          <input
            type="date"
            name="day"
            required
            className="min-h-12 w-full rounded-control border border-line-strong bg-surface px-4 font-normal text-base text-ink"
          />
        </label>
        <Button type="submit" aria-disabled={isMoving}>
          {text.go}
        </Button>
      </form>
      <div role="status">
        <Told state={state} locale={locale} text={text} />
      </div>
    </div>
  );
}

function Told({ state, locale, text }: { state: State; locale: Locale; text: ToldText }) {
  switch (state.kind) {
    case "idle":
      return null;
    case "moving":
    case "arrived":
      return (
        <Notice tone={state.kind === "moving" ? "info" : "good"}>
          {text[state.kind]} <b className="tabular-nums">{formatInstant(state.at, locale)}</b>
        </Notice>
      );
    case "stalled":
    case "failed":
      return <Notice tone="bad">{text[state.kind]}</Notice>;
    default:
      return state satisfies never;
  }
}

/** When the move began, or null when it did not. */
async function begin(to: string): Promise<string | null> {
  const response = await fetch("/api/sandbox/clock", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to }),
  }).catch(() => null);
  if (!response?.ok) return null;
  const answer: { now: string } = await response.json();
  return answer.now;
}

async function follow(tell: (at: Date) => void): Promise<State> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const response = await fetch("/api/sandbox/clock").catch(() => null);
    if (!response?.ok) continue;
    const answer: { now: string; move: { state: string } | null } = await response.json();
    const at = new Date(answer.now);
    const state = answer.move?.state ?? "arrived";
    if (state === "moving") tell(at);
    else if (state === "arrived") return { kind: "arrived", at };
    else return { kind: state === "stalled" ? "stalled" : "failed" };
  }
}
