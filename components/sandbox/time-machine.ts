"use client";

import { useSyncExternalStore } from "react";
import type { ToldHappening } from "./happened";

/** Whether time moves, and what the last move brought about, until that is dismissed. */
export type TimeMachineState =
  | { readonly kind: "resting" }
  | { readonly kind: "moving"; readonly at: Date; readonly from: Date; readonly to: Date }
  /** The move did not begin, or its end is not known. */
  | { readonly kind: "failed" }
  | {
      readonly kind: "arrived" | "stalled";
      readonly at: Date;
      readonly happened: readonly ToldHappening[];
    };

type Answer = {
  now: string;
  move: { state: "moving" | "failed" | "arrived" | "stalled"; from: string; to: string } | null;
  happened: readonly ToldHappening[] | null;
};

const POLL_MS = 300;
const ADDRESS = "/api/sandbox/clock";
const RESTING: TimeMachineState = { kind: "resting" };

// The bar under every page and the page of the sandbox move one and the same time.
let state: TimeMachineState = RESTING;
const listeners = new Set<() => void>();

export function useTimeMachine(): TimeMachineState {
  return useSyncExternalStore(
    listen,
    () => state,
    () => RESTING,
  );
}

/** Moves the time to "+1day", "mine" or a day, and follows it until it stands again. */
export async function moveTime(to: string): Promise<void> {
  if (state.kind === "moving") return;
  const now = new Date();
  become({ kind: "moving", at: now, from: now, to: now });
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to }),
  }).catch(() => null);
  // 409: somebody else moves it already, and that is the move to follow.
  if (response?.ok || response?.status === 409) await follow();
  else become({ kind: "failed" });
}

/** Follows a move that another page began. */
export async function followTime(): Promise<void> {
  if (state.kind !== "moving") await follow();
}

export function dismissHappened(): void {
  if (state.kind !== "moving") become(RESTING);
}

async function follow(): Promise<void> {
  for (;;) {
    const response = await fetch(ADDRESS).catch(() => null);
    if (response?.ok) {
      const answer: Answer = await response.json();
      const next = read(answer);
      become(next);
      if (next.kind !== "moving") return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function read({ now, move, happened }: Answer): TimeMachineState {
  const at = new Date(now);
  switch (move?.state) {
    case "moving":
      return { kind: "moving", at, from: new Date(move.from), to: new Date(move.to) };
    case "arrived":
    case "stalled":
      return { kind: move.state, at, happened: happened ?? [] };
    default:
      return { kind: "failed" };
  }
}

function become(next: TimeMachineState): void {
  state = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
