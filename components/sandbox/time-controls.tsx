"use client";

import { ChevronUp, FlaskConical, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Link } from "@/components/ui/link";
import type { Locale } from "@/lib/http/locale";
import { Happened } from "./happened";
import { formatInstant } from "./instant";
import {
  dismissHappened,
  followTime,
  moveTime,
  type TimeMachineState,
  useTimeMachine,
} from "./time-machine";

type BarText = Readonly<
  Record<
    | "bar"
    | "barNote"
    | "barLink"
    | "steps"
    | "moving"
    | "arrived"
    | "stalled"
    | "failed"
    | "happened"
    | "nothingHappened"
    | "close",
    string
  >
>;

/**
 * The bar under every page: where time stands, the buttons that move it, and after a move what happened on the way.
 * `isMoving` says that a move was under way when the page was made; this page then follows it.
 */
export function TimeControls({
  now,
  steps,
  isMoving,
  locale,
  text,
}: {
  now: string;
  steps: readonly { readonly to: string; readonly label: string }[];
  isMoving: boolean;
  locale: Locale;
  text: BarText;
}) {
  const machine = useTimeMachine();
  const router = useRouter();
  const bar = useRef<HTMLElement>(null);
  const pressed = useRef<HTMLButtonElement>(null);
  const stepsId = useId();
  // On a phone the bar is one line until it is unfolded, so that it covers little.
  const [isUnfolded, setIsUnfolded] = useState(false);
  const { kind } = machine;
  const at = "at" in machine && kind === "moving" && machine.to > machine.from ? machine.at : now;

  useEffect(() => {
    if (isMoving) void followTime();
  }, [isMoving]);
  useEffect(() => {
    if (kind === "arrived" || kind === "stalled") router.refresh();
  }, [kind, router]);
  useRoomBelow(bar);

  function dismiss() {
    dismissHappened();
    pressed.current?.focus();
  }

  function dismissOnEscape(event: KeyboardEvent) {
    if (event.key === "Escape") dismiss();
  }

  return (
    <aside
      ref={bar}
      lang={locale}
      aria-label={text.bar}
      onKeyDown={dismissOnEscape}
      className="sticky bottom-0 z-10 border-line-strong border-t bg-warning-soft text-ink text-xs print:hidden"
    >
      <div
        aria-hidden
        className="h-1.5 bg-[repeating-linear-gradient(135deg,var(--warning)_0_0.75rem,var(--warning-soft)_0.75rem_1.5rem)]"
      />
      <MoveOutcome machine={machine} text={text} dismiss={dismiss} />
      <div className="mx-auto flex max-w-5xl flex-wrap items-center gap-x-4 px-5 sm:px-8">
        <p className="mr-auto flex min-h-11 items-center gap-2">
          <FlaskConical aria-hidden className="size-4 shrink-0 text-warning max-sm:hidden" />
          <span className="max-lg:sr-only">{text.bar}</span>
          <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap font-semibold">
            {formatInstant(new Date(at), locale)}
          </time>
          <span className="text-muted max-lg:hidden">· {text.barNote}</span>
        </p>
        <Link
          href="/sandbox"
          className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4 sm:order-last"
        >
          {text.barLink}
        </Link>
        <button
          type="button"
          aria-label={text.steps}
          aria-expanded={isUnfolded}
          aria-controls={stepsId}
          onClick={() => setIsUnfolded(!isUnfolded)}
          className="-mr-3 grid size-11 place-items-center rounded-control sm:hidden"
        >
          <ChevronUp aria-hidden className={`size-5 ${isUnfolded ? "rotate-180" : ""}`} />
        </button>
        <div
          id={stepsId}
          className={`flex flex-wrap gap-2 py-1.5 max-sm:w-full ${isUnfolded ? "" : "max-sm:hidden"}`}
        >
          {steps.map(({ to, label }) => (
            <button
              key={to}
              type="button"
              aria-disabled={kind === "moving"}
              onClick={(event) => {
                pressed.current = event.currentTarget;
                void moveTime(to);
              }}
              className="min-h-11 grow rounded-control bg-surface px-2.5 font-semibold ring-1 ring-line-strong ring-inset transition-colors duration-150 hover:bg-sunken aria-disabled:opacity-60"
            >
              {label}
            </button>
          ))}
        </div>
      </div>
    </aside>
  );
}

/** How the move goes and how it went, read out when it changes. */
function MoveOutcome({
  machine,
  text,
  dismiss,
}: {
  machine: TimeMachineState;
  text: BarText;
  dismiss: () => void;
}) {
  const happened = "happened" in machine ? machine.happened : null;
  const isOver = machine.kind !== "resting" && machine.kind !== "moving";
  return (
    <div
      className={`mx-auto grid max-w-5xl gap-2 px-5 sm:px-8 ${machine.kind === "resting" ? "" : "pt-2"}`}
    >
      <div className="flex items-start justify-between gap-4">
        <p role="status" className="text-sm">
          {machine.kind === "resting" ? null : <b>{text[machine.kind]}</b>}
          <span className="sr-only">
            {happened?.map(({ title }) => title).join(", ")}
            {happened?.length === 0 ? text.nothingHappened : null}
          </span>
        </p>
        {isOver ? (
          <button
            type="button"
            onClick={dismiss}
            className="-my-2 inline-flex min-h-11 shrink-0 items-center gap-1 px-2 font-semibold"
          >
            <X aria-hidden className="size-4" />
            {text.close}
          </button>
        ) : null}
      </div>
      {machine.kind === "moving" ? (
        <progress
          aria-label={text.moving}
          {...shareDone(machine)}
          className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-surface [&::-moz-progress-bar]:bg-warning [&::-webkit-progress-bar]:bg-surface [&::-webkit-progress-value]:bg-warning"
        />
      ) : null}
      {happened ? (
        <section
          aria-label={text.happened}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by the keyboard
          tabIndex={0}
          className="max-h-[40dvh] overflow-y-auto overscroll-contain rounded-control bg-surface p-4"
        >
          {happened.length === 0 ? (
            <p className="text-muted text-sm">{text.nothingHappened}</p>
          ) : (
            <Happened happened={happened} />
          )}
        </section>
      ) : null}
    </div>
  );
}

/** Without a value, until the first answer, the browser shows that it is not known. */
function shareDone({ at, from, to }: TimeMachineState & { kind: "moving" }) {
  const wholeMs = to.getTime() - from.getTime();
  return wholeMs > 0 ? { max: 1, value: (at.getTime() - from.getTime()) / wholeMs } : {};
}

/** Tells the styles how tall the bar is, so that nothing the keyboard reaches hides behind it. */
function useRoomBelow(bar: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => {
      style.setProperty("--below", `${element.offsetHeight}px`);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty("--below");
    };
  }, [bar]);
}
