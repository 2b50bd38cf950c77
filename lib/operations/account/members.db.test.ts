/** Several people share an account: who comes in, what each may do, and that who is out is out at once. */
import { asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, it, test } from "vitest";
import { db } from "@/db/client";
import { listOpenInvitations } from "@/db/invitation";
import { listMembers, listMemberships } from "@/db/member";
import { listMessages } from "@/db/message";
import { users } from "@/db/schema/account";
import { auditLog } from "@/db/schema/audit";
import { findPersonOfSession } from "@/db/session";
import type { InvitedRole } from "@/lib/billing/account/member";
import { acceptCard } from "@/lib/operations/card/accept";
import { payOverdue } from "@/lib/operations/charge/pay-overdue";
import { acceptPayment } from "@/lib/operations/checkout/accept-payment";
import { agreeToCheckout } from "@/lib/operations/checkout/agree";
import { createCheckout } from "@/lib/operations/checkout/create";
import { giveConsent } from "@/lib/operations/consent/give";
import { cancelSubscription } from "@/lib/operations/subscription/cancel";
import { undoCancel } from "@/lib/operations/subscription/undo-cancel";
import { type Person, type Story, startStory } from "@/lib/testing/story";
import { acceptInvitation, openInvitation } from "./accept-invitation";
import { appointMember } from "./appoint-member";
import { beginSession } from "./begin-session";
import { inviteMember } from "./invite";
import { leaveAccount } from "./leave";
import { linkIdentity } from "./link-identity";
import { removeMember } from "./remove-member";
import { setLocale } from "./set-locale";
import { signUp } from "./sign-up";
import { switchAccount } from "./switch";
import { withdrawInvitation } from "./withdraw-invitation";

const address = null;

let story: Story;
let owner: Person;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  owner = await story.person();
  return story.close;
});

function invites(by: Person, email: string, role: InvitedRole = "billing") {
  const { accountId } = owner;
  return inviteMember(story.deps, { accountId, actor: by.actor, email, role, locale: "ko" });
}

/** The token in the newest mail to an address. */
async function mailedToken(to: string): Promise<string> {
  const mail = (await listMessages(50)).find(({ email }) => email === to);
  const token = /invitation\?token=([\w-]+)/.exec(mail?.message.body ?? "")?.[1];
  if (!token) throw new Error(`No invitation was mailed to ${to}`);
  return token;
}

const accepts = (person: Person, token: string) =>
  acceptInvitation(story.deps, { token, address, userId: person.userId });

let guests = 0;

/** Somebody who came in by an invitation, as the owner's account names them when they act for it. */
async function joined(role: InvitedRole): Promise<Person> {
  guests += 1;
  const email = `guest-${guests}@example.com`;
  expect(await invites(owner, email, role)).toMatchObject({ ok: true });
  const guest = await story.person();
  story.minutesLater(1);
  expect(await accepts(guest, await mailedToken(email))).toMatchObject({ ok: true });
  const { accountId, customerKey } = owner;
  return { ...guest, accountId, customerKey };
}

async function rolesOf(accountId: string): Promise<Readonly<Record<string, string>>> {
  const members = await listMembers(accountId);
  return Object.fromEntries(members.map(({ userId, role }) => [userId, role]));
}

async function signsIn({ userId }: Person) {
  const begun = await beginSession(story.deps, { id: userId, sessionEpoch: 0 });
  if (!begun.ok) throw new Error(begun.refusal.code);
  const id = begun.value.sessionId;
  const seen = () => findPersonOfSession(id, { now: story.now(), consoleSince: new Date(0) });
  return { id, userId, seen };
}

describe("an invitation", () => {
  it("is mailed in the inviter's language and names the account, and its link works once", async () => {
    await invites(owner, "kim@example.com");
    const [mail] = await listMessages(1);
    expect(mail?.email).toBe("kim@example.com");
    expect(mail?.message).toMatchObject({ userId: null, subject: "매달 계정에 초대받았어요" });
    expect(mail?.message.body).toContain(
      `${owner.userId}@example.com 계정의 소유자가 결제 담당자로`,
    );
    expect(mail?.message.body).not.toContain("김구독");
    const token = await mailedToken("kim@example.com");
    expect(await openInvitation(story.deps, { token, address })).toMatchObject({
      value: { role: "billing", ownerEmail: `${owner.userId}@example.com` },
    });

    const guest = await story.person();
    story.minutesLater(1);
    expect(await accepts(guest, token)).toEqual({
      ok: true,
      value: { accountId: owner.accountId },
    });
    expect(await rolesOf(owner.accountId)).toEqual({
      [owner.userId]: "owner",
      [guest.userId]: "billing",
    });
    expect(await listMemberships(guest.userId)).toMatchObject([
      { accountId: guest.accountId, role: "owner" },
      { accountId: owner.accountId, role: "billing" },
    ]);
    const late = await story.person();
    expect(await accepts(late, token)).toMatchObject({ refusal: { code: "link-expired" } });
    expect(await openInvitation(story.deps, { token, address })).toMatchObject({ ok: false });

    await inviteMember(story.deps, {
      ...owner,
      email: "lee@example.com",
      role: "member",
      locale: "en",
    });
    const [english] = await listMessages(1);
    expect(english?.message.body).toContain("invites you as a plain member");
  });

  it("lets one in of two who open it at the same moment", async () => {
    await invites(owner, "kim@example.com");
    const token = await mailedToken("kim@example.com");
    const guests = await Promise.all([story.person(), story.person(), story.person()]);
    const answers = await Promise.all(guests.map((guest) => accepts(guest, token)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await listMembers(owner.accountId)).toHaveLength(2);
  });

  it("lasts seven days, to the minute", async () => {
    await invites(owner, "kim@example.com");
    const token = await mailedToken("kim@example.com");
    story.minutesLater(7 * 24 * 60 - 1);
    expect(await openInvitation(story.deps, { token, address })).toMatchObject({ ok: true });
    story.minutesLater(1);
    const guest = await story.person();
    expect(await accepts(guest, token)).toMatchObject({ refusal: { code: "link-expired" } });
    expect(await listOpenInvitations(owner.accountId, story.now())).toEqual([]);
  });

  it("is void once a newer one went to the same address, or it was withdrawn", async () => {
    await invites(owner, "kim@example.com", "billing");
    const first = await mailedToken("kim@example.com");
    story.minutesLater(1);
    await invites(owner, "kim@example.com", "member");
    const second = await mailedToken("kim@example.com");
    const guest = await story.person();
    expect(await accepts(guest, first)).toMatchObject({ refusal: { code: "link-expired" } });

    const [open] = await listOpenInvitations(owner.accountId, story.now());
    const withdrawal = { ...owner, invitationId: open?.id ?? "" };
    expect(await withdrawInvitation(story.deps, withdrawal)).toMatchObject({ ok: true });
    expect(await withdrawInvitation(story.deps, withdrawal)).toMatchObject({ ok: false });
    expect(await accepts(guest, second)).toMatchObject({ refusal: { code: "link-expired" } });
    expect(await listMembers(owner.accountId)).toHaveLength(1);
  });

  it("is not used up by somebody who is a member already", async () => {
    await invites(owner, "kim@example.com");
    const token = await mailedToken("kim@example.com");
    expect(await accepts(owner, token)).toMatchObject({ refusal: { code: "already-member" } });
    expect(await accepts(await story.person(), token)).toMatchObject({ ok: true });
    expect(await invites(owner, `${owner.userId}@example.com`)).toMatchObject({
      refusal: { code: "already-member" },
    });
  });

  it("is sent twenty times a day by an account, and five times to an address by all of them", async () => {
    for (let nth = 0; nth < 20; nth += 1)
      expect(await invites(owner, `guest-of-${nth}@example.com`)).toMatchObject({ ok: true });
    const refused = { refusal: { code: "too-many-tries" } };
    expect(await invites(owner, "one-more@example.com")).toMatchObject(refused);
    for (let nth = 0; nth < 5; nth += 1) {
      const other = await story.person();
      const invitation = {
        ...other,
        email: "poor@example.com",
        role: "member",
        locale: "ko",
      } as const;
      expect(await inviteMember(story.deps, invitation)).toMatchObject({ ok: true });
    }
    const other = await story.person();
    const invitation = {
      ...other,
      email: "poor@example.com",
      role: "member",
      locale: "ko",
    } as const;
    expect(await inviteMember(story.deps, invitation)).toMatchObject(refused);
  });
});

describe("members", () => {
  it("are appointed, removed and let go, each written down; the owner stays what they are", async () => {
    const [billing, plain, leaver] = [
      await joined("billing"),
      await joined("member"),
      await joined("member"),
    ];
    const appoints = (by: Person, { userId }: Person, role: InvitedRole) =>
      appointMember(story.deps, { accountId: owner.accountId, actor: by.actor, userId, role });
    const removes = (by: Person, { userId }: Person) =>
      removeMember(story.deps, { accountId: owner.accountId, actor: by.actor, userId });
    const refused = { refusal: { code: "unknown-member" } };

    expect(await appoints(owner, plain, "billing")).toMatchObject({ ok: true });
    expect(await appoints(owner, plain, "billing")).toMatchObject({ ok: true });
    expect(await appoints(owner, owner, "member")).toMatchObject(refused);
    expect(await removes(owner, owner)).toMatchObject(refused);
    expect(await leaveAccount(story.deps, owner)).toMatchObject({ refusal: { code: "is-owner" } });
    expect(await leaveAccount(story.deps, leaver)).toMatchObject({ ok: true });
    expect(await leaveAccount(story.deps, leaver)).toMatchObject(refused);
    expect(await removes(owner, billing)).toMatchObject({ ok: true });
    expect(await removes(owner, billing)).toMatchObject(refused);
    expect(await rolesOf(owner.accountId)).toEqual({
      [owner.userId]: "owner",
      [plain.userId]: "billing",
    });

    const written = await db()
      .select({ actor: auditLog.actor, action: auditLog.action, details: auditLog.details })
      .from(auditLog)
      .where(eq(auditLog.subjectId, owner.accountId))
      .orderBy(asc(auditLog.id));
    expect(written.filter(({ action }) => action !== "member.invited")).toMatchObject([
      { actor: billing.userId, action: "member.joined", details: { role: "billing" } },
      { actor: plain.userId, action: "member.joined", details: { role: "member" } },
      { actor: leaver.userId, action: "member.joined" },
      {
        actor: owner.userId,
        action: "member.appointed",
        details: { userId: plain.userId, before: "member", after: "billing" },
      },
      { actor: leaver.userId, action: "member.left" },
      { actor: owner.userId, action: "member.removed", details: { userId: billing.userId } },
    ]);
  });

  it.each(["billing", "member"] as const)("who are %s change no members", async (role) => {
    const other = await joined("member");
    const guest = await joined(role);
    await invites(owner, "open@example.com");
    const [open] = await listOpenInvitations(owner.accountId, story.now());
    const before = await rolesOf(owner.accountId);
    const { actor } = guest;
    const { accountId } = owner;
    const { userId } = other;
    const answers = [
      await invites(guest, "friend@example.com"),
      await withdrawInvitation(story.deps, { accountId, actor, invitationId: open?.id ?? "" }),
      await appointMember(story.deps, { accountId, actor, userId, role: "billing" }),
      await appointMember(story.deps, { accountId, actor, userId: guest.userId, role: "billing" }),
      await removeMember(story.deps, { accountId, actor, userId }),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => false));
    expect(await rolesOf(accountId)).toEqual(before);
    expect(await listOpenInvitations(accountId, story.now())).toHaveLength(1);
  });
});

describe("what a browser looks at", () => {
  it("is the oldest membership, then the one that was chosen, as long as it is one", async () => {
    const guest = await joined("billing");
    const own = (await listMemberships(guest.userId))[0]?.accountId ?? "";
    const browser = await signsIn(guest);
    expect(await browser.seen()).toMatchObject({ accountId: own, memberRole: "owner" });
    expect(await switchAccount(story.deps, browser, owner.accountId)).toBe(true);
    const { accountId, customerKey } = owner;
    expect(await browser.seen()).toMatchObject({ accountId, customerKey, memberRole: "billing" });
    const other = await signsIn(guest);
    expect(await other.seen()).toMatchObject({ accountId: own });

    const stranger = await story.person();
    expect(await switchAccount(story.deps, browser, stranger.accountId)).toBe(false);
    const foreign = { id: browser.id, userId: stranger.userId };
    expect(await switchAccount(story.deps, foreign, stranger.accountId)).toBe(false);
    expect(await browser.seen()).toMatchObject({ accountId });

    await removeMember(story.deps, { ...owner, userId: guest.userId });
    expect(await browser.seen()).toMatchObject({ accountId: own, memberRole: "owner" });
  });

  it("changes with the role at the next request", async () => {
    const guest = await joined("billing");
    const browser = await signsIn(guest);
    await switchAccount(story.deps, browser, owner.accountId);
    await appointMember(story.deps, { ...owner, userId: guest.userId, role: "member" });
    expect(await browser.seen()).toMatchObject({ memberRole: "member" });
  });
});

/** Each verb about money, asked by `person` for the owner's account. */
async function triesMoney(person: Person, at: { checkoutId: string; subscriptionId: string }) {
  const { deps, toss } = story;
  const { accountId, customerKey } = owner;
  const { actor, userId } = person;
  const { checkoutId, subscriptionId } = at;
  const { authKey } = await toss.control.authorizeBilling({ customerKey, scenario: "normal" });
  const customer = { userId, accountId, customerKey };
  const payment = { paymentKey: "pay_1", orderId: "ord_1", amount: 9_900 };
  const evidence = { textVersion: "test", ip: null, userAgent: null };
  return {
    order: await createCheckout(deps, { accountId, actor, priceId: "onboarding-once-v1" }),
    agree: await agreeToCheckout(deps, { accountId, actor, checkoutId, termsVersion: "test" }),
    payment: await acceptPayment(deps, { accountId, actor, checkoutId, ...payment }),
    card: await acceptCard(deps, { customer, checkoutId: null, authKey, customerKey }),
    pay: await payOverdue(deps, { accountId, actor, subscriptionId, afterChargeId: "" }),
    consent: await giveConsent(deps, { accountId, actor, subscriptionId, ...evidence }),
    cancel: await cancelSubscription(deps, { accountId, actor, subscriptionId }),
    undo: await undoCancel(deps, { accountId, actor, subscriptionId }),
  };
}

const codesOf = (answers: Awaited<ReturnType<typeof triesMoney>>) =>
  Object.fromEntries(
    Object.entries(answers).map(([verb, answer]) => [
      verb,
      answer.ok ? "done" : answer.refusal.code,
    ]),
  );

describe("money", () => {
  async function trialOfTheAccount() {
    await story.subscribe(owner, "premium-month-v1");
    story.minutesLater(1);
    const once = await createCheckout(story.deps, { ...owner, priceId: "onboarding-once-v1" });
    const checkoutId = once.ok ? once.value.checkoutId : "";
    return { checkoutId, subscriptionId: (await story.subscriptionOf(owner)).id };
  }

  it("is a billing member's as it is the owner's, and its mails go to the owner alone", async () => {
    const at = await trialOfTheAccount();
    const billing = await joined("billing");
    expect(codesOf(await triesMoney(billing, at))).toEqual({
      order: "done",
      agree: "done",
      payment: "foreign-order",
      card: "done",
      pay: "nothing-overdue",
      consent: "done",
      cancel: "done",
      undo: "done",
    });
    const told = (await story.messagesTo(owner)).map(({ kind }) => kind);
    expect(told.sort()).toEqual([
      "cancel-booked",
      "cancel-undone",
      "consent-given",
      "trial-started",
    ]);
    expect(await story.messagesTo(billing)).toEqual([]);
  });

  it("is not a plain member's, a stranger's, or anybody's who was removed", async () => {
    const at = await trialOfTheAccount();
    const [plain, removed] = [await joined("member"), await joined("billing")];
    await removeMember(story.deps, { ...owner, userId: removed.userId });
    const before = await story.subscriptionOf(owner);
    const stranger = await story.person();
    for (const person of [plain, removed, stranger])
      expect(codesOf(await triesMoney(person, at))).toEqual({
        order: "not-allowed",
        agree: "unknown-checkout",
        payment: "unknown-checkout",
        card: "not-allowed",
        pay: "unknown-subscription",
        consent: "unknown-subscription",
        cancel: "unknown-subscription",
        undo: "unknown-subscription",
      });
    expect(await story.subscriptionOf(owner)).toEqual(before);
  });

  it("of another account is out of reach for who may pay in one", async () => {
    const at = await trialOfTheAccount();
    const other = await story.person();
    await story.subscribe(other, "premium-month-v1");
    const theirs = (await story.subscriptionOf(other)).id;
    // With the ids of one account under the name of another, and under its own name.
    const mixed = await triesMoney(owner, { ...at, subscriptionId: theirs });
    expect(mixed.cancel).toMatchObject({ refusal: { code: "unknown-subscription" } });
    expect(mixed.consent).toMatchObject({ refusal: { code: "unknown-subscription" } });
    const { accountId } = other;
    expect(
      await cancelSubscription(story.deps, { ...owner, accountId, subscriptionId: theirs }),
    ).toMatchObject({ refusal: { code: "unknown-subscription" } });
    expect(await story.subscriptionOf(other)).toMatchObject({ cancelsOn: null });
  });

  it("is out of reach from the moment of a removal: of two at once one is first", async () => {
    const at = await trialOfTheAccount();
    const billing = await joined("billing");
    const { actor } = billing;
    const { accountId } = owner;
    const [removal, cancel] = await Promise.all([
      removeMember(story.deps, { ...owner, userId: billing.userId }),
      cancelSubscription(story.deps, { accountId, actor, subscriptionId: at.subscriptionId }),
    ]);
    expect(removal.ok).toBe(true);
    const trail = await db()
      .select({ action: auditLog.action })
      .from(auditLog)
      .orderBy(asc(auditLog.id));
    const order = trail
      .map(({ action }) => action)
      .filter((action) => action === "member.removed" || action === "subscription.cancel");
    expect(order).toEqual(
      cancel.ok ? ["subscription.cancel", "member.removed"] : ["member.removed"],
    );
  });
});

test("the language somebody uses is kept with them", async () => {
  const localeOf = async (userId: string) => {
    const [row] = await db()
      .select({ locale: users.locale })
      .from(users)
      .where(eq(users.id, userId));
    return row?.locale;
  };
  expect(await localeOf(owner.userId)).toBe("ko");
  await setLocale(story.deps, { userId: owner.userId, locale: "en" });
  expect(await localeOf(owner.userId)).toBe("en");

  const person = { email: "john@example.com", name: "John", password: "seven green windows" };
  const signedUp = await signUp(story.deps, {
    ...person,
    ...{ address, termsVersion: "1", locale: "en" },
  });
  expect(signedUp.ok && (await localeOf(signedUp.value.userId))).toBe("en");
  const linked = await linkIdentity(story.deps, {
    ...{ provider: "google", providerAccountId: "g-1", email: "jane@example.com", name: "Jane" },
    ...{ isEmailVerified: true, locale: "en" },
  });
  expect(linked.ok && (await localeOf(linked.value.userId))).toBe("en");
});
