/**
 * The session cookie, and signing in through Kakao, Naver and Google, by next-auth, when their keys are set. The cookie
 * holds the id of a stored session, encrypted; each request asks the database whose it is and whether it still counts.
 * Passwords have one way in, the form's action, and so next-auth knows nothing of them.
 */
import type { NextAuthOptions, Profile } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import Google from "next-auth/providers/google";
import Kakao from "next-auth/providers/kakao";
import Naver from "next-auth/providers/naver";
import { findUserByIdentity } from "@/db/user";
import { SESSION_DAYS } from "@/lib/billing/policy";
import { parseNextPath } from "@/lib/http/next-path";
import { beginSession } from "@/lib/operations/account/begin-session";
import { type Identity, linkIdentity } from "@/lib/operations/account/link-identity";
import { systemClock } from "@/lib/runtime/clock";
import type { ClockAndIds } from "@/lib/runtime/deps";
import { type Env, env } from "@/lib/runtime/env";
import { createIds } from "@/lib/runtime/ids";

declare module "next-auth/jwt" {
  interface JWT {
    sessionId?: string;
  }
}

export type SocialProvider = Identity["provider"];

export const SESSION_SECONDS = SESSION_DAYS * 24 * 60 * 60;

/** Sessions live in real time: moving the sandbox's clock signs nobody out. */
export const SESSION_TIME: ClockAndIds = { clock: systemClock, newId: createIds(systemClock) };

/** What next-auth is told; who signs in for the first time gets an account at the time of `deps`. */
export function authOptions(deps: ClockAndIds, locale: Identity["locale"]): NextAuthOptions {
  const { NEXTAUTH_SECRET, APP_URL } = env();
  return {
    secret: NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    useSecureCookies: isSecure(),
    providers: SOCIAL.flatMap((provider) => provider.make(env()) ?? []),
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.type !== "oauth") return true;
        const identity = readIdentity(account.provider, account.providerAccountId, profile);
        const result = await linkIdentity(deps, { ...identity, locale });
        return result.ok || `/sign-in?error=${result.refusal.code}`;
      },
      async jwt({ account }) {
        const person =
          account && (await findUserByIdentity(account.provider, account.providerAccountId));
        const begun = person && (await beginSession(SESSION_TIME, person));
        return begun?.ok ? begun.value : {};
      },
      redirect: ({ url }) => {
        const path = url.startsWith(APP_URL) ? url.slice(APP_URL.length) : url;
        return `${APP_URL}${parseNextPath(path)}`;
      },
    },
  };
}

/** The providers whose keys are set, in the order their buttons are shown. */
export function offeredProviders(): readonly SocialProvider[] {
  return SOCIAL.filter((provider) => provider.make(env())).map((provider) => provider.id);
}

export function sessionCookieName(): string {
  return `${isSecure() ? "__Secure-" : ""}next-auth.session-token`;
}

/** Where next-auth keeps the address to come back to. */
export function callbackUrlCookieName(): string {
  return `${isSecure() ? "__Secure-" : ""}next-auth.callback-url`;
}

export function sealSession(sessionId: string): Promise<string> {
  return encode({
    token: { sessionId },
    secret: env().NEXTAUTH_SECRET,
    maxAge: SESSION_SECONDS,
  });
}

/** Which session a cookie names; null when it is absent, forged or too old. */
export async function openSession(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  return token?.sessionId ?? null;
}

export function isSecure(): boolean {
  return env().APP_URL.startsWith("https:");
}

const SOCIAL: readonly {
  id: SocialProvider;
  make: (env: Env) => NextAuthOptions["providers"][number] | undefined;
}[] = [
  {
    id: "kakao",
    make: ({ KAKAO_CLIENT_ID: clientId, KAKAO_CLIENT_SECRET: clientSecret }) =>
      clientId && clientSecret ? Kakao({ clientId, clientSecret }) : undefined,
  },
  {
    id: "naver",
    make: ({ NAVER_CLIENT_ID: clientId, NAVER_CLIENT_SECRET: clientSecret }) =>
      clientId && clientSecret ? Naver({ clientId, clientSecret }) : undefined,
  },
  {
    id: "google",
    make: ({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret }) =>
      clientId && clientSecret ? Google({ clientId, clientSecret }) : undefined,
  },
];

/** What the answers of the three providers say about a person. */
function readIdentity(
  provider: string,
  providerAccountId: string,
  profile: Profile | undefined,
): Omit<Identity, "locale"> {
  const answer: unknown = profile;
  switch (provider) {
    case "kakao": {
      const account = objectAt(answer, "kakao_account");
      return {
        provider,
        providerAccountId,
        email: textAt(account, "email"),
        isEmailVerified: account.is_email_valid === true && account.is_email_verified === true,
        name: textAt(objectAt(account, "profile"), "nickname"),
      };
    }
    case "naver": {
      const response = objectAt(answer, "response");
      const name = textAt(response, "name") ?? textAt(response, "nickname");
      const email = textAt(response, "email");
      return { provider, providerAccountId, email, isEmailVerified: false, name };
    }
    case "google": {
      const claims = asObject(answer);
      return {
        provider,
        providerAccountId,
        email: textAt(claims, "email"),
        isEmailVerified: claims.email_verified === true,
        name: textAt(claims, "name"),
      };
    }
    default:
      throw new Error(`Unknown sign-in provider ${provider}`);
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function objectAt(value: unknown, key: string): Record<string, unknown> {
  return asObject(asObject(value)[key]);
}

function textAt(value: Record<string, unknown>, key: string): string | null {
  const text = value[key];
  return typeof text === "string" ? text : null;
}
