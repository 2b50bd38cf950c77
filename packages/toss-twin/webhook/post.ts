import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export type PostResult = { readonly status: number | null; readonly problem: string | null };

type WebhookPost = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One POST; whatever goes wrong is part of the result. The answer's body is of no interest. */
export function postWebhook(
  { url, headers, body }: WebhookPost,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<PostResult> {
  const sent = new Promise<PostResult>((resolve) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      agent: false,
      signal,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        connection: "close",
        ...headers,
      },
    });
    const timer = setTimeout(() => {
      end({ status: null, problem: `no answer within ${timeoutMs} ms` });
      request.destroy();
    }, timeoutMs);
    function end(result: PostResult): void {
      clearTimeout(timer);
      resolve(result);
    }
    request.on("response", (response) => {
      const status = response.statusCode ?? null;
      response.resume();
      response.on("end", () => end({ status, problem: null }));
      response.on("error", (error) => end({ status: null, problem: error.message }));
    });
    request.on("error", (error) => {
      const code = "code" in error ? String(error.code) : "";
      end({ status: null, problem: error.message || code || "the connection failed" });
    });
    request.end(body);
  });
  // An address that cannot even be asked.
  return sent.catch((error: unknown) => ({ status: null, problem: String(error) }));
}
