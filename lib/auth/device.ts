import "server-only";
import { randomUUID } from "node:crypto";
import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import type { KnownDevice } from "@/lib/operations/account/sign-in";
import { env } from "@/lib/runtime/env";
import { isSecure } from "./next-auth";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Another key than that of sessions: this cookie signs nobody in. */
const SALT = "device";

/** The person who signed in on this browser last; null when nobody did. */
export async function findDevice(): Promise<KnownDevice | null> {
  const token = (await cookies()).get(cookieName())?.value;
  const secret = env().NEXTAUTH_SECRET;
  const known = token && (await decode({ token, secret, salt: SALT }).catch(() => null));
  if (!known || typeof known.userId !== "string" || typeof known.deviceId !== "string") return null;
  return { userId: known.userId, deviceId: known.deviceId };
}

/** Remembers that a person has proved who they are on this browser. Only in actions and routes. */
export async function rememberDevice(userId: string): Promise<void> {
  const known = await findDevice();
  const deviceId = known?.userId === userId ? known.deviceId : randomUUID();
  const secret = env().NEXTAUTH_SECRET;
  const token = { userId, deviceId };
  const value = await encode({ token, secret, salt: SALT, maxAge: YEAR_SECONDS });
  (await cookies()).set(cookieName(), value, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge: YEAR_SECONDS,
  });
}

function cookieName(): string {
  return `${isSecure() ? "__Host-" : ""}device`;
}
