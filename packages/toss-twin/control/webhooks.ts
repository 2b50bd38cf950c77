import type { z } from "zod";
import { TossError } from "@/packages/toss-twin/api/errors";
import { maskFields } from "@/packages/toss-twin/http/call-log";
import { newDeliveryId } from "@/packages/toss-twin/ids";
import {
  type DeliveryRecord,
  type RegistrationRecord,
  webhookEvents,
} from "@/packages/toss-twin/store/records";
import { entityBody, isSigned, typedBody } from "@/packages/toss-twin/webhook/body";
import type { World } from "@/packages/toss-twin/world";
import { findMerchant } from "./books";
import type { RegisterWebhook, SendWebhook } from "./schemas";

export function registerWebhook(
  world: World,
  { mId, url, events }: z.infer<typeof RegisterWebhook>,
): RegistrationRecord {
  return world.webhooks.register(findMerchant(world, mId).mId, url, events ?? webhookEvents);
}

const mostCharacters = 300_000;

/** Also lies: what the body says is not compared with the books. */
export function sendWebhook(
  world: World,
  asked: z.infer<typeof SendWebhook>,
): { deliveries: DeliveryRecord[] } {
  const { mId } = findMerchant(world, asked.mId);
  const at = world.now();
  const body =
    "rawBody" in asked ? asked.rawBody : JSON.stringify(bodyOf(asked.event, asked.data, at));
  if (body.length > mostCharacters) throw new TossError("INVALID_REQUEST", "The body is too long.");
  const deliveries = world.webhooks.announce({
    ...{ mId, at, event: asked.event, orderId: null, billingKey: null, customerKey: null },
    body,
  });
  if (deliveries.length === 0) {
    throw new TossError("NOT_FOUND", "No address is registered for this event.");
  }
  return { deliveries: deliveries.map(deliveryView) };
}

export function resendDelivery(world: World, id: string): DeliveryRecord {
  const delivery = world.webhooks.resend(id);
  if (!delivery) throw new TossError("NOT_FOUND", "There is no such delivery.");
  return deliveryView(delivery);
}

/** A delivery without the keys and secrets of its body. */
export function deliveryView(delivery: DeliveryRecord): DeliveryRecord {
  return { ...delivery, body: maskFields(delivery.body) };
}

function bodyOf(event: string, data: Record<string, unknown>, at: number): object {
  if (isSigned(event)) {
    const eventId = `evt_${newDeliveryId().slice(4)}`;
    return entityBody({ eventType: event, eventId }, data, at);
  }
  return event === "DEPOSIT_CALLBACK" ? data : typedBody(event, data, at);
}
