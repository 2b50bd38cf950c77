"use client";

import type { FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { moveTime, useTimeMachine } from "./time-machine";

/** Moves the sandbox's time to noon of a day; the bar below tells how it goes. */
export function DayForm({ text }: { text: { dayLabel: string; go: string } }) {
  const isMoving = useTimeMachine().kind === "moving";

  function moveToDay(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const day = new FormData(event.currentTarget).get("day");
    if (typeof day === "string" && day !== "") void moveTime(day);
  }

  return (
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
  );
}
