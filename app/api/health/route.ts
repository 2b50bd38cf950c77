import { connection } from "next/server";
import { pingDatabase } from "@/db/health";
import { describeFault, log } from "@/lib/runtime/log";

/** 200 while the app can do its work; 503 while it cannot reach its database. */
export async function GET(): Promise<Response> {
  await connection();
  try {
    await pingDatabase();
    return Response.json({ ok: true });
  } catch (fault) {
    log("error", "health.database", { fault: describeFault(fault) });
    return Response.json({ ok: false }, { status: 503 });
  }
}
