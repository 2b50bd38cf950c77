import { parseJson } from "@/packages/toss-twin/api/fields";
import { maskKey } from "@/packages/toss-twin/ids";
import { decodeSegment } from "./messages";

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

/** The calls that are made of card data. */
const isOfCard = /^\/v1\/(billing\/authorizations\/card|payments\/key-in)/;

const capacity = 300;
const keptCharacters = 16_384;

/** Cut behind a whole field: half a key could not be masked. */
function shorten(body: string): string {
  if (body.length <= keptCharacters) return body;
  const kept = body.slice(0, keptCharacters);
  const end = Math.max(...[",", "[", "{"].map((mark) => kept.lastIndexOf(mark)));
  return `${kept.slice(0, end + 1)} …`;
}

/**
 * The last calls, in memory only, and besides them the last ones that went wrong: a failed renewal must not be buried
 * under the good ones that followed. Card data never enters it; keys are masked whenever calls are listed.
 */
export class CallLog {
  private readonly kept: Call[] = [];
  private readonly failed: Call[] = [];
  private total = 0;

  add(call: Omit<Call, "id">): void {
    this.total += 1;
    const entry: Call = {
      ...call,
      id: this.total,
      requestBody: shorten(withoutCard(call.path, call.requestBody)),
      responseBody: shorten(call.responseBody),
    };
    push(this.kept, entry);
    if (entry.status === null || entry.status >= 400 || entry.note) push(this.failed, entry);
  }

  /** Newest first. */
  list(): Call[] {
    const calls = new Map([...this.failed, ...this.kept].map((call) => [call.id, call]));
    return [...calls.values()].sort((a, b) => b.id - a.id).map(maskCall);
  }

  clear(): void {
    this.kept.length = 0;
    this.failed.length = 0;
  }
}

/** Card data is never kept, however it is written: as a number, under an escaped name, or in what is no JSON. */
function withoutCard(path: string, body: string): string {
  const isJson = parseJson(body) !== undefined;
  if (isOfCard.test(path) && !isJson) return body.replace(/\d/g, "*");
  const plain = isJson && body.includes("\\u") ? JSON.stringify(JSON.parse(body)) : body;
  const masked = plain.replace(cardFields, '"$1":"****"');
  return isOfCard.test(path) ? masked.replace(/\d(?:[ -]?\d){12,}/g, "****") : masked;
}

/** Drops the oldest half of a full list, so that not every call has to move the others. */
function push(calls: Call[], call: Call): void {
  calls.push(call);
  if (calls.length >= 2 * capacity) calls.splice(0, capacity);
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

/** JSON text with keys and card data made unreadable. */
export function maskFields(json: string): string {
  return json.replace(
    secretFields,
    (_, name: string, value: string) => `"${name}":"${maskKey(value)}"`,
  );
}
