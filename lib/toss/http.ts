/** One request and its answer over a connection that is kept. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** An idle connection is dropped before the other side may do so: a request on a dead one would be of unknown outcome. */
const IDLE_MS = 4_000;

/**
 * One request and its whole answer; rejects when the line breaks or the signal fires. Not `fetch`: Next.js puts a cache
 * of its own around that, and for many small calls it takes several times the processor time.
 */
export function createExchange(
  baseUrl: string,
): (path: string, body: string | undefined, options: RequestOptions) => Promise<HttpAnswer> {
  const base = new URL(baseUrl);
  const root = base.pathname.replace(/\/+$/, "");
  const isHttps = base.protocol === "https:";
  const request = isHttps ? httpsRequest : httpRequest;
  const agent = new (isHttps ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    scheduling: "lifo",
    maxFreeSockets: Number.POSITIVE_INFINITY,
    timeout: IDLE_MS,
  });
  return (path, body, options) =>
    new Promise((resolve, reject) => {
      const call = request(new URL(root + path, base), { ...options, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      call.on("error", reject);
      call.end(body);
    });
}
