import { after } from "next/server";
import { deps } from "@/deps";
import { clientAddress, takeAddressTry } from "@/lib/http/rate-limit";
import { readCappedBytes } from "@/lib/http/read-capped";
import { tooMany } from "@/lib/http/too-many";
import { receiveWebhook } from "@/lib/operations/webhook/receive";
import { env } from "@/lib/runtime/env";

const MAX_BYTES = 256 * 1024;

/** Far more than Toss ever sends of one shop; what is refused it sends again. */
const LIMIT = { name: "webhook", tries: 600, minutes: 1 };

/**
 * Toss's webhooks: stored and answered at once, worked on later. No header proves a payment event genuine (Toss signs
 * only payouts and sellers), so nothing here is believed; see `handleWebhook`.
 */
export async function POST(request: Request): Promise<Response> {
  const address = clientAddress(request.headers);
  const allowed = env().TOSS_WEBHOOK_ADDRESSES;
  if (allowed && !allowed.includes(address?.replace(/^::ffff:/, "") ?? ""))
    return Response.json({ code: "forbidden" }, { status: 403 });
  const { clock, hint, ...rest } = deps();
  if (!(await takeAddressTry(LIMIT, address, clock.now()))) return tooMany(LIMIT, clock.now());
  const bytes = await readCappedBytes(request, MAX_BYTES);
  // What is left of the body is not read, so nothing more can be sent on this connection.
  if (bytes === null)
    return Response.json({ code: "too-large" }, { status: 413, headers: { connection: "close" } });
  const result = await receiveWebhook(
    // A job engine that is slow or away must not keep Toss waiting: a lost hint is made up for.
    { ...rest, clock, hint: async (hints) => after(() => hint(hints)) },
    {
      body: bytes.toString("utf8"),
      transmissionId: request.headers.get("tosspayments-webhook-transmission-id"),
      address,
      ...proofOf(bytes, request.headers),
    },
  );
  return result.ok ? Response.json({ ok: true }) : Response.json(result.refusal, { status: 400 });
}

/** Payouts and sellers are signed; whether it fits can be told only with the security key. */
function proofOf(bytes: Uint8Array, headers: Headers) {
  const signature = headers.get("tosspayments-webhook-signature");
  const time = headers.get("tosspayments-webhook-transmission-time");
  const securityKey = env().TOSS_SECURITY_KEY;
  return signature !== null && time !== null && securityKey !== undefined
    ? { proof: { bytes, signature, time, securityKey } }
    : {};
}
