import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

export type HttpRequest = {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Null when it is larger than what its path may take. */
  readonly body: string | null;
};

export type HttpReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Cut the connection instead of answering. */
  readonly hangUp?: boolean;
};

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Large states come in through the control API alone. */
function maxBodyBytes(path: string): number {
  if (path === "/control/import") return 400 * mebibyte;
  return path.startsWith("/control/") ? 16 * mebibyte : 256 * kibibyte;
}

export const jsonType = { "content-type": "application/json;charset=UTF-8" };

export async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  // A client behind a proxy names the whole address.
  const url = (message.url ?? "/").replace(/^https?:\/\/[^/?#]*/i, "") || "/";
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  return {
    method: message.method ?? "GET",
    path,
    query: new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)),
    headers: message.headers,
    body: await readBody(message, maxBodyBytes(path)),
  };
}

export function sendReply(response: ServerResponse, reply: HttpReply): void {
  if (reply.hangUp) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, {
    "x-content-type-options": "nosniff",
    ...reply.headers,
    "content-length": Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
}

export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, headers: jsonType, body: JSON.stringify(value) };
}

/** A page; only a window may stand in the frame of another site. */
export function htmlReply(body: string, status = 200, isFramable = false): HttpReply {
  const headers = {
    "content-type": "text/html;charset=UTF-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'${isFramable ? "" : "; frame-ancestors 'none'"}`,
  };
  return { status, headers, body };
}

export function isJson({ headers }: Pick<HttpRequest, "headers">): boolean {
  return /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "");
}

/** A path segment in plain text; null when its percent-encoding is broken. */
export function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function readBody(message: IncomingMessage, maxBytes: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      // What is too large is read to its end and forgotten, so that the sender gets its answer.
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.on("end", () => {
      resolve(size > maxBytes ? null : Buffer.concat(chunks).toString("utf8"));
    });
    message.on("error", reject);
    message.on("aborted", () => reject(new Error("The request was cut off.")));
  });
}
