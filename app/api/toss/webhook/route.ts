import { deps } from "@/lib/deps";
import { receiveWebhook } from "@/lib/operations/receive-webhook";
import { readCapped } from "@/lib/read-capped";

const MAX_BYTES = 256 * 1024;

/**
 * Toss's webhooks: stored and answered at once, worked on later. No header proves a payment event genuine (Toss signs
 * only payouts and sellers), so nothing here is believed; see `handleWebhook`.
 */
export async function POST(request: Request): Promise<Response> {
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return Response.json({ code: "too-large" }, { status: 413 });
  const transmissionId = request.headers.get("tosspayments-webhook-transmission-id");
  const result = await receiveWebhook(deps(), { body, transmissionId });
  return result.ok ? Response.json({ ok: true }) : Response.json(result.refusal, { status: 400 });
}
