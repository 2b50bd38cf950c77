import { currentMove } from "@/app/api/sandbox/clock/current-move";
import { TimeControls } from "@/components/sandbox/time-controls";
import { sandboxText } from "@/components/text/sandbox";
import { deps } from "@/deps";
import { signedInOrNull } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";
import { findClockTarget } from "@/sandbox/entry";

/** The sandbox's time under every page, striped so that nobody takes it for production, where there is none. */
export async function TimeBar() {
  if (env().APP_ENV !== "sandbox") return null;
  const locale = await findLocale();
  const text = sandboxText[locale];
  const now = deps().clock.now();
  const wish = await findWish(now);
  return (
    <TimeControls
      now={now.toISOString()}
      steps={[
        { to: "+1day", label: text.day },
        { to: "+1week", label: text.week },
        { to: "+1month", label: text.month },
        ...(wish ? [{ to: wish, label: wish === "mine" ? text.toMine : text.toNext }] : []),
      ]}
      isMoving={currentMove()?.state === "moving"}
      locale={locale}
      text={{
        bar: text.bar,
        barNote: text.barNote,
        barLink: text.barLink,
        steps: text.steps,
        moving: text.moving,
        arrived: text.arrived,
        stalled: text.stalled,
        failed: text.failed,
        happened: text.happened,
        nothingHappened: text.nothingHappened,
        close: text.close,
      }}
    />
  );
}

/** A customer goes to their own next payment, people of the console to the next of anybody; null where none is booked. */
async function findWish(now: Date): Promise<"mine" | "next" | null> {
  const person = await signedInOrNull();
  if (person === null) return null;
  const wish = person.role === "customer" ? "mine" : "next";
  return (await findClockTarget(wish, now, person.accountId)) ? wish : null;
}
