/**
 * Signing in, by next-auth: e-mail and password, and Kakao, Naver and Google when their keys are set. A session is an
 * encrypted cookie that names the person and the epoch it was made in; each request asks the database again.
 */
import type { NextAuthOptions, Profile } from "next-auth";
import { decode, encode, type JWT } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import Google from "next-auth/providers/google";
import Kakao from "next-auth/providers/kakao";
import Naver from "next-auth/providers/naver";
import { findUserByIdentity, type User } from "@/db/users";
import { deps } from "@/lib/deps";
import { type Env, env } from "@/lib/env";
import { parseNextPath } from "@/lib/next-path";
import { type Identity, linkIdentity } from "@/lib/operations/link-identity";
import { signIn } from "@/lib/operations/sign-in";
import { clientAddress } from "@/lib/rate-limit";

declare module "next-auth/jwt" {
  interface JWT {
    userId?: string;
    role?: User["role"];
    sessionEpoch?: number;
  }
}

declare module "next-auth" {
  interface User {
    role?: JWT["role"];
    sessionEpoch?: number;
  }
}

export type SocialProvider = Identity["provider"];

export const SESSION_SECONDS = 30 * 24 * 60 * 60;

export function authOptions(): NextAuthOptions {
  const { NEXTAUTH_SECRET, APP_URL } = env();
  return {
    secret: NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    useSecureCookies: isSecure(),
    providers: [passwordProvider(), ...SOCIAL.flatMap((provider) => provider.make(env()) ?? [])],
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.type !== "oauth") return true;
        const identity = readIdentity(account.provider, account.providerAccountId, profile);
        const result = await linkIdentity(deps(), identity);
        return result.ok || `/sign-in?error=${result.refusal.code}`;
      },
      async jwt({ token, user, account }) {
        if (account?.type === "oauth") {
          const person = await findUserByIdentity(account.provider, account.providerAccountId);
          return person ? claimsOf(person) : {};
        }
        return user ? claimsOf(user) : token;
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

export function sealSession(user: Pick<User, "id" | "role" | "sessionEpoch">): Promise<string> {
  return encode({
    token: claimsOf(user),
    secret: env().NEXTAUTH_SECRET,
    maxAge: SESSION_SECONDS,
  });
}

/** Whom a session cookie names, and in which epoch; null when it is absent, forged or too old. */
export async function openSession(
  cookie: string | undefined,
): Promise<{ userId: string; sessionEpoch: number } | null> {
  if (!cookie) return null;
  const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  if (token?.userId === undefined || token.sessionEpoch === undefined) return null;
  return { userId: token.userId, sessionEpoch: token.sessionEpoch };
}

export function isSecure(): boolean {
  return env().APP_URL.startsWith("https:");
}

function claimsOf(user: {
  id: string;
  role?: User["role"] | undefined;
  sessionEpoch?: number | undefined;
}): JWT {
  return { userId: user.id, role: user.role ?? "customer", sessionEpoch: user.sessionEpoch ?? 0 };
}

function passwordProvider() {
  return Credentials({
    credentials: { email: { type: "email" }, password: { type: "password" } },
    async authorize(credentials, request) {
      const { email = "", password = "" } = credentials ?? {};
      const forwarded: unknown = request.headers?.["x-forwarded-for"];
      const address = clientAddress({
        get: () => (typeof forwarded === "string" ? forwarded : null),
      });
      const result = await signIn(deps(), { email: email.trim().toLowerCase(), password, address });
      return result.ok ? result.value : null;
    },
  });
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
): Identity {
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
