import { parseJson } from "@/packages/toss-twin/api/fields";
import type { WebhookFault } from "@/packages/toss-twin/faults/rules";
import { newSecret } from "@/packages/toss-twin/ids";

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
      const fields = parseFields(body);
      return fields ? JSON.stringify({ ...fields, eventType: "SOMETHING_NEW" }) : body;
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
  const fields = parseFields(body);
  if (!fields) return body;
  const told = "data" in fields ? "data" : "entityBody" in fields ? "entityBody" : null;
  if (told === null) return JSON.stringify(change(fields));
  return JSON.stringify({ ...fields, [told]: change(objectOf(fields[told])) });
}

/** Null for what is no object of JSON, as a body of somebody's own making may be: there is nothing to change in it. */
function parseFields(body: string): Record<string, unknown> | null {
  const value = parseJson(body);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? objectOf(value) : null;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
