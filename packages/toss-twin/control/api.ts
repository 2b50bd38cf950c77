import { z } from "zod";
import { errorMessage, errorStatus, TossError } from "@/packages/toss-twin/api/errors";
import { parseJson } from "@/packages/toss-twin/api/fields";
import {
  type HttpReply,
  type HttpRequest,
  isJson,
  jsonReply,
} from "@/packages/toss-twin/http/messages";
import type { World } from "@/packages/toss-twin/world";
import { findControlRoute } from "./routes";

/** What `/control` answers: always JSON, for tests and the command line, and never under `/v1`. */
export async function answerControl(world: World, request: HttpRequest): Promise<HttpReply> {
  try {
    if (request.method !== "GET" && !isJson(request)) {
      // A plain form of some website could otherwise reach this port behind its visitor's back.
      return refusal(415, "INVALID_REQUEST", "Send application/json.");
    }
    const found = findControlRoute(request.method, request.path);
    if (!found) return refusal(404, "NOT_FOUND", "There is no such control call.");
    world.agenda.catchUp();
    const answer = await found.handler({
      world,
      subject: found.subject,
      query: request.query,
      body: () => bodyOf(request),
    });
    world.store.commit();
    return jsonReply(answer);
  } catch (error) {
    if (error instanceof TossError) {
      const message = error.detail ?? errorMessage(error.code, "en");
      return refusal(errorStatus(error.code), error.code, message);
    }
    if (error instanceof z.ZodError) {
      return refusal(400, "INVALID_REQUEST", z.prettifyError(error));
    }
    throw error;
  }
}

function bodyOf(request: HttpRequest): unknown {
  if (request.body === null) throw new TossError("INVALID_REQUEST", "The body is too large.");
  const body = parseJson(request.body);
  if (body === undefined) throw new TossError("INVALID_REQUEST", "The body is not JSON.");
  return body;
}

function refusal(status: number, code: string, message: string): HttpReply {
  return jsonReply({ code, message }, status);
}
