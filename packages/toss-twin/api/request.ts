import { type HttpRequest, isJson } from "@/packages/toss-twin/http/messages";
import { type Language, TossError } from "./errors";
import { type Fields, parseFields } from "./fields";

/** The body as an object; throws INVALID_REQUEST. An empty one is `whenEmpty`, where that is given. */
export function readFields(request: HttpRequest, whenEmpty?: Fields): Fields {
  if (request.body === null) throw new TossError("INVALID_REQUEST", "body too large");
  if (request.body === "" && whenEmpty) return whenEmpty;
  if (request.body !== "" && !isJson(request))
    throw new TossError("INVALID_REQUEST", "content type");
  return parseFields(request.body);
}

/** The same for a look at a call that has not been let in yet: what cannot be read is empty. */
export function peekFields(request: HttpRequest): Fields {
  try {
    return readFields(request);
  } catch (error) {
    if (error instanceof TossError) return {};
    throw error;
  }
}

export function languageOf(request: HttpRequest): Language {
  return headerOf(request, "accept-language")?.toLowerCase().startsWith("en") ? "en" : "ko";
}

export function headerOf(request: HttpRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
