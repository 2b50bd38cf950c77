import { endSession } from "@/lib/session";

/** Ends the session on this browser. A plain form posts here, so it works on every page and without JavaScript. */
export async function POST(): Promise<Response> {
  await endSession();
  return new Response(null, { status: 303, headers: { location: "/" } });
}
