import { decodeSegment } from "./http";
import { maskKey } from "./ids";

export type Call = {
  readonly id: number;
  /** Epoch milliseconds on the emulator's clock. */
  readonly at: number;
  readonly mId: string | null;
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly requestBody: string;
  /** Null when the connection was cut without an answer. */
  readonly status: number | null;
  readonly responseBody: string;
  readonly traceId: string;
  readonly durationMs: number;
  /** What the emulator did out of the ordinary: a replay, a fault, a scenario. */
  readonly note: string | null;
};

const secretFields =
  /"(billingKey|authKey|cardNumber|cardPassword|cardExpirationYear|cardExpirationMonth|customerIdentityNumber|secret)"\s*:\s*"([^"]*)"/g;
const cardFields =
  /"(cardNumber|cardPassword|cardExpirationYear|cardExpirationMonth|customerIdentityNumber)"\s*:\s*("[^"]*"|[\d.]+)/g;

/** The last calls, in memory only. Card data never enters it; keys are masked whenever calls are listed. */
export class CallLog {
  private readonly kept: Call[] = [];
  private readonly capacity = 300;
  private total = 0;

  add(call: Omit<Call, "id">): void {
    this.total += 1;
    const holdsCard = call.path.startsWith("/v1/billing/authorizations/card");
    this.kept.push({
      ...call,
      id: this.total,
      requestBody: holdsCard
        ? call.requestBody.replace(cardFields, '"$1":"****"')
        : call.requestBody,
    });
    if (this.kept.length >= 2 * this.capacity) this.kept.splice(0, this.capacity);
  }

  /** Newest first. */
  list(): Call[] {
    return this.kept.slice(-this.capacity).reverse().map(maskCall);
  }

  clear(): void {
    this.kept.length = 0;
  }
}

function maskCall(call: Call): Call {
  return {
    ...call,
    path: call.path.replace(
      /^(\/v1\/billing\/)(?!authorizations\/)([^/?]+)/,
      (_, start: string, key: string) => start + maskKey(decodeSegment(key) ?? key),
    ),
    requestBody: maskFields(call.requestBody),
    responseBody: maskFields(call.responseBody),
  };
}

function maskFields(json: string): string {
  return json.replace(
    secretFields,
    (_, name: string, value: string) => `"${name}":"${maskKey(value)}"`,
  );
}
