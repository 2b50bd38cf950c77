import type { WebhookFault } from "./faults";
import { newSecret } from "./ids";

/** The body as it arrives under a fault: false in one point, or with more in it than is known today. */
export function forge(body: string, fault: WebhookFault | null): string {
  switch (fault?.kind) {
    case "webhook-forged-status":
      return changed(body, (fields) => ({ ...fields, status: fault.status }));
    case "webhook-forged-secret":
      return changed(body, (fields) => ({ ...fields, secret: newSecret() }));
    case "webhook-extra-fields":
      return changed(body, (fields) => ({ ...fields, addedLater: { nested: [1, null, "한글"] } }));
    case "webhook-unknown-event": {
      const fields = objectOf(JSON.parse(body));
      return JSON.stringify({ ...fields, eventType: "SOMETHING_NEW" });
    }
    default:
      return body;
  }
}

/** Changes the object that tells of the thing: `data`, or the flat body itself. */
function changed(
  body: string,
  change: (fields: Record<string, unknown>) => Record<string, unknown>,
): string {
  const fields = objectOf(JSON.parse(body));
  const told = "data" in fields ? "data" : "entityBody" in fields ? "entityBody" : null;
  if (told === null) return JSON.stringify(change(fields));
  return JSON.stringify({ ...fields, [told]: change(objectOf(fields[told])) });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
