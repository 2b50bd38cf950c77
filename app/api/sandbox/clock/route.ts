import { z } from "zod";
import { beginMove, currentMove } from "@/app/api/sandbox/clock/current-move";
import { findOnlooker } from "@/app/sandbox/onlooker";
import { tellHappenings } from "@/app/sandbox/tell-happenings";
import { listHappenings } from "@/db/happening";
import { deps } from "@/deps";
import { signedInOrNull } from "@/lib/auth/session";
import { findLocale } from "@/lib/http/locale";
import { readJson } from "@/lib/http/read-json";
import { isSameOrigin } from "@/lib/http/same-origin";
import { env } from "@/lib/runtime/env";
import { findClockTarget } from "@/sandbox/entry";

const Wish = z.object({ to: z.string().max(20) });

/**
 * The sandbox's time and the move under way; of one that is over, what happened on the way as far as the person who
 * asks may see it. There is no such thing in production.
 */
export async function GET(): Promise<Response> {
  if (env().APP_ENV !== "sandbox") return new Response(null, { status: 404 });
  const move = currentMove();
  const now = deps().clock.now();
  if (!move?.endedAt) return Response.json({ now, move, happened: null });
  const between = { from: move.from, to: move.endedAt };
  const happened = await listHappenings(between, await findOnlooker());
  return Response.json({ now, move, happened: tellHappenings(happened, await findLocale()) });
}

/** Begins to move the time forward; how far it is, GET tells. */
export async function POST(request: Request): Promise<Response> {
  if (env().APP_ENV !== "sandbox") return new Response(null, { status: 404 });
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const wish = Wish.safeParse(await readJson(request));
  const now = deps().clock.now();
  const person = await signedInOrNull();
  const target = wish.success
    ? await findClockTarget(wish.data.to, now, person?.accountId ?? null)
    : null;
  if (!target || target <= now) return Response.json({ code: "no-target" }, { status: 400 });
  if (!beginMove(target)) return Response.json({ code: "moving" }, { status: 409 });
  return Response.json({ now, move: currentMove() }, { status: 202 });
}
