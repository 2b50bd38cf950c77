import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { parseJson } from "@/packages/toss-twin/api/fields";

export type ReceivedWebhook = {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Empty for what is no JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
};

export type WebhookReceiver = {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** What the next requests are answered with, 200 once the list is used up; 0 keeps silent. */
  readonly answers: number[];
  readonly close: () => Promise<void>;
};

/** A merchant's webhook address for tests. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const answers: number[] = [];
  const server = createServer((message, response) => {
    void readText(message).then((text) => {
      const body = parseJson(text);
      const json = typeof body === "object" && body !== null ? { ...body } : {};
      received.push({ headers: message.headers, text, json });
      const status = answers.shift() ?? 200;
      if (status > 0) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No TCP address.");
  return {
    url: `http://127.0.0.1:${address.port}/webhook`,
    received,
    answers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readText(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}
