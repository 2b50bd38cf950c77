import { type Limit, refuseTries } from "./rate-limit";

/** What an address answers to somebody who used up a limit: when there are new tries, in words and in a header. */
export function tooMany(limit: Limit, now: Date): Response {
  const { waitMinutes } = refuseTries(limit, now).refusal;
  const headers = { "retry-after": String(waitMinutes * 60) };
  return Response.json({ code: "too-many", waitMinutes }, { status: 429, headers });
}
