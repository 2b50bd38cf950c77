/** What the members of an account may do. */

export const MEMBER_ROLES = ["owner", "billing", "member"] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** An account keeps its owner, so nobody is invited or appointed as one. */
export const INVITED_ROLES = ["billing", "member"] as const;
export type InvitedRole = (typeof INVITED_ROLES)[number];

/**
 * Every member sees the plan and what may be used. `pay`: see payments and cards; order, pay, change cards, consent,
 * cancel. `manage`: invite, appoint and remove members.
 */
export type Right = "pay" | "manage";

const RIGHTS: Readonly<Record<MemberRole, readonly Right[]>> = {
  owner: ["pay", "manage"],
  billing: ["pay"],
  member: [],
};

export function mayAs(role: MemberRole, right: Right): boolean {
  return RIGHTS[role].includes(right);
}
