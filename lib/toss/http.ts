/** One request and its answer over a connection that is kept. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";

export type HttpCall = {
  readonly method: "GET" | "POST" | "DELETE";
  /** With all its segments percent-encoded. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
  /** From the request to the last byte of its answer. */
  readonly timeoutMs: number;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** An idle connection is dropped before the other side may do so: a request on a dead one would be of unknown outcome. */
const IDLE_MS = 4_000;

/** The whole answer did not come in time. */
export class TimedOut extends Error {}

/**
 * One request and its whole answer; rejects when the line breaks or the time is over. Not `fetch`: Next.js puts a cache
 * of its own around that, and for many small calls it takes several times the processor time. The time is kept by a
 * timer, because a signal would cost as much again as the request.
 */
export function createExchange(baseUrl: string): (call: HttpCall) => Promise<HttpAnswer> {
  const base = new URL(baseUrl);
  const { hostname, port } = urlToHttpOptions(base);
  const root = base.pathname.replace(/\/+$/, "");
  const isHttps = base.protocol === "https:";
  const request = isHttps ? httpsRequest : httpRequest;
  const agent = new (isHttps ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    scheduling: "lifo",
    maxFreeSockets: Number.POSITIVE_INFINITY,
    timeout: IDLE_MS,
  });
  return ({ method, path, headers, body, timeoutMs }) =>
    new Promise((resolve, reject) => {
      const place = { hostname, port, path: root + path };
      const call = request({ ...place, method, headers, agent }, (response) => {
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
      const deadline = setTimeout(() => {
        reject(new TimedOut());
        call.destroy();
      }, timeoutMs);
      call.on("close", () => clearTimeout(deadline));
      call.on("error", reject);
      call.end(body);
    });
}
