import type { View } from "@/packages/toss-twin/api/payment-view";
import type { FaultRules, FaultTarget, WebhookFault } from "@/packages/toss-twin/faults/rules";
import { newDeliveryId, newTransmissionId, shortHash } from "@/packages/toss-twin/ids";
import type {
  BillingRecord,
  DeliveryRecord,
  PaymentRecord,
  RegistrationRecord,
  WebhookEvent,
} from "@/packages/toss-twin/store/records";
import type { Store } from "@/packages/toss-twin/store/store";
import type { Agenda } from "@/packages/toss-twin/time/agenda";
import { seoulTimeWithoutOffset } from "@/packages/toss-twin/time/seoul";
import { billingDeletedBody, depositBody, eventsOf, isSigned, paymentBody } from "./body";
import { forge } from "./forgery";
import { postWebhook } from "./post";
import { type KeyEncoding, signWebhook } from "./signature";

/** Minutes from one attempt to the next; after the last one Toss writes an e-mail to the merchant. */
const retryGapsMinutes = [1, 4, 16, 64, 256, 1024, 4096] as const;

/** A reordered webhook that nothing follows goes out by itself after this. */
const heldForMs = 10 * 60_000;

type Surroundings = {
  readonly store: Store;
  readonly agenda: Agenda;
  readonly faults: FaultRules;
  readonly now: () => number;
  readonly settings: {
    readonly webhookTimeoutMs: number;
    readonly securityKeys: readonly string[];
    readonly securityKeyEncoding: KeyEncoding;
  };
  readonly viewOf: (payment: PaymentRecord, at: number) => View;
};

type Message = {
  readonly mId: string;
  readonly event: WebhookEvent;
  readonly body: string;
  /** When the thing happened that is told. */
  readonly at: number;
  readonly orderId: string | null;
  readonly billingKey: string | null;
  readonly customerKey: string | null;
};

/** Tells the addresses that a merchant registered what has happened, as fact sheet section 7 says. */
export class Webhooks {
  private readonly world: Surroundings;
  private readonly abort = new AbortController();
  private readonly inFlight = new Set<string>();

  constructor(world: Surroundings) {
    this.world = world;
  }

  /** Registering the same address again only changes its events. */
  register(mId: string, url: string, events: readonly WebhookEvent[]): RegistrationRecord {
    const id = `hook_${shortHash(`${mId}\n${url}`)}`;
    const registration = { id, mId, url, events };
    this.world.store.saveRegistration(registration);
    return registration;
  }

  paymentChanged(payment: PaymentRecord, at: number): void {
    if (this.world.store.registrations.size === 0) return;
    const { mId, orderId, customerKey, billingKey } = payment;
    for (const event of eventsOf(payment)) {
      const body =
        event === "DEPOSIT_CALLBACK"
          ? depositBody(payment, at)
          : paymentBody(payment, this.world.viewOf(payment, at), at);
      this.announce({
        ...{ mId, event, at, orderId, customerKey, billingKey },
        body: JSON.stringify(body),
      });
    }
  }

  billingDeleted({ mId, billingKey, customerKey }: BillingRecord, at: number): void {
    this.announce({
      ...{ mId, event: "BILLING_DELETED", at, orderId: null, billingKey, customerKey },
      body: JSON.stringify(billingDeletedBody(billingKey, at)),
    });
  }

  /** To every address registered for the event; how many deliveries that makes. */
  announce(message: Message): DeliveryRecord[] {
    const targets = [...this.world.store.registrations.values()].filter(
      ({ mId, events }) => mId === message.mId && events.includes(message.event),
    );
    return targets.flatMap((target) => this.enqueue(target, message));
  }

  /** One more attempt at once, whatever became of the earlier ones; null for an unknown delivery. */
  resend(id: string): DeliveryRecord | null {
    const delivery = this.world.store.deliveries.get(id);
    if (!delivery || this.inFlight.has(id)) return delivery ?? null;
    const again: DeliveryRecord = { ...delivery, state: "pending", dueAt: this.world.now() };
    this.plan(again);
    return again;
  }

  /** After a start: goes on with what was waiting. */
  resume(): void {
    for (const delivery of this.world.store.deliveries.values()) {
      if (delivery.dueAt !== null) this.plan(delivery);
    }
  }

  close(): void {
    this.abort.abort();
  }

  private enqueue(target: RegistrationRecord, message: Message): DeliveryRecord[] {
    const { event, mId, orderId, billingKey, customerKey, at } = message;
    const aim: FaultTarget = { event, orderId, billingKey, customerKey };
    const fault = this.world.faults.takeForWebhook(aim);
    const transmissionId = newTransmissionId();
    const delivery: DeliveryRecord = {
      id: newDeliveryId(),
      transmissionId,
      registrationId: target.id,
      mId,
      url: target.url,
      event,
      orderId,
      customerKey,
      body: forge(message.body, fault),
      createdAt: at,
      state: "pending",
      dueAt: at,
      attempts: [],
      note: fault && `fault: ${fault.kind}`,
      ...fateOf(fault, at),
    };
    const copies =
      fault?.kind === "webhook-doubled"
        ? [delivery, { ...delivery, id: newDeliveryId() }]
        : [delivery];
    for (const copy of copies) this.plan(copy);
    return copies;
  }

  private plan(delivery: DeliveryRecord): void {
    this.world.store.saveDelivery(delivery);
    if (delivery.dueAt !== null) {
      this.world.agenda.schedule(delivery.dueAt, () => this.attempt(delivery.id));
    }
  }

  private async attempt(id: string): Promise<void> {
    const { store, now } = this.world;
    const delivery = store.deliveries.get(id);
    // What was reset, resent or released meanwhile has another plan.
    if (!delivery || this.inFlight.has(id) || delivery.dueAt === null || delivery.dueAt > now())
      return;
    const at = delivery.dueAt;
    const startedAt = performance.now();
    this.inFlight.add(id);
    const { status, problem } = await this.post(delivery, at);
    this.inFlight.delete(id);
    if (this.abort.signal.aborted) return;
    const current = store.deliveries.get(id);
    if (!current) return;
    const attempt = { at, status, problem, durationMs: performance.now() - startedAt };
    const attempts = [...current.attempts, attempt];
    const gap = retryGapsMinutes[attempts.length - 1];
    if (status === 200)
      store.saveDelivery({ ...current, attempts, state: "delivered", dueAt: null });
    else if (gap === undefined)
      store.saveDelivery({ ...current, attempts, state: "failed", dueAt: null });
    else this.plan({ ...current, attempts, state: "pending", dueAt: at + gap * 60_000 });
    this.releaseHeld(delivery, at);
    store.commit();
  }

  private post(delivery: DeliveryRecord, at: number) {
    const { webhookTimeoutMs } = this.world.settings;
    const time = `${seoulTimeWithoutOffset(at)}+09:00`;
    const headers = {
      "tosspayments-webhook-transmission-id": delivery.transmissionId,
      "tosspayments-webhook-transmission-time": time,
      "tosspayments-webhook-transmission-retried-count": String(delivery.attempts.length),
      ...(isSigned(delivery.event)
        ? {
            "tosspayments-webhook-signature": signWebhook(delivery.body, time, this.world.settings),
          }
        : {}),
    };
    const { signal } = this.abort;
    const { url, body } = delivery;
    return postWebhook({ url, headers, body }, { timeoutMs: webhookTimeoutMs, signal });
  }

  /** Those that were held back let one pass that came after them. */
  private releaseHeld(passed: DeliveryRecord, at: number): void {
    for (const held of this.world.store.deliveries.values()) {
      // They stand in the order in which they came.
      if (held.id === passed.id) return;
      if (held.state !== "held" || held.registrationId !== passed.registrationId) continue;
      this.plan({ ...held, state: "pending", dueAt: at });
    }
  }
}

function fateOf(fault: WebhookFault | null, at: number): Partial<DeliveryRecord> {
  switch (fault?.kind) {
    case "webhook-dropped":
      return { state: "dropped", dueAt: null };
    case "webhook-late":
      return { dueAt: at + fault.delayMs };
    case "webhook-reordered":
      return { state: "held", dueAt: at + heldForMs };
    default:
      return {};
  }
}
