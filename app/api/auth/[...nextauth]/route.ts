import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth";
import { readCapped } from "@/lib/read-capped";

type Context = { params: Promise<{ nextauth: string[] }> };

const MAX_BYTES = 8 * 1024;

/** next-auth's own addresses: `/api/auth/signin/kakao`, `/api/auth/callback/kakao` and so on. */
export function GET(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(request, context, authOptions());
}

/** The same, for bodies that are small and, where they claim to be JSON, are. */
export async function POST(request: NextRequest, context: Context): Promise<Response> {
  const body = await readCapped(request, MAX_BYTES);
  if (body === null) return new Response("Too large", { status: 413 });
  const claimsJson = request.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (claimsJson && !isJson(body)) return new Response("Malformed JSON", { status: 400 });
  const { url, headers, method } = request;
  return NextAuth(new NextRequest(url, { method, headers, body }), context, authOptions());
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
