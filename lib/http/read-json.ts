import { readCapped } from "./read-capped";

const MAX_BYTES = 4 * 1024;

/** A small JSON body, for a schema to judge; undefined when it is too large or no JSON. */
export async function readJson(request: Request): Promise<unknown> {
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
