import { z } from "zod";
import { beginMove, currentMove } from "@/app/api/sandbox/clock/current-move";
import { deps } from "@/lib/deps";
import { env } from "@/lib/env";
import { findClockTarget } from "@/lib/operations/move-clock";
import { readJson } from "@/lib/read-json";
import { isSameOrigin } from "@/lib/same-origin";

const Wish = z.object({ to: z.string().max(20) });

/** The sandbox's time and the move under way. There is no such thing in production. */
export function GET(): Response {
  if (env().APP_ENV !== "sandbox") return new Response(null, { status: 404 });
  return Response.json({ now: deps().clock.now(), move: currentMove() });
}

/** Begins to move the time forward; how far it is, GET tells. */
export async function POST(request: Request): Promise<Response> {
  if (env().APP_ENV !== "sandbox") return new Response(null, { status: 404 });
  if (!isSameOrigin(request)) return Response.json({ code: "foreign-origin" }, { status: 403 });
  const wish = Wish.safeParse(await readJson(request));
  const now = deps().clock.now();
  const target = wish.success ? await findClockTarget(wish.data.to, now) : null;
  if (!target || target <= now) return Response.json({ code: "no-target" }, { status: 400 });
  if (!beginMove(target)) return Response.json({ code: "moving" }, { status: 409 });
  return Response.json({ now, move: currentMove() }, { status: 202 });
}
