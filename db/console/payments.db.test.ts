/** What an operator is told of a customer before any money is given back. */
import { beforeEach, expect, test } from "vitest";
import { transaction } from "@/db/client";
import {
  consumePasswordReset,
  findUserByEmail,
  insertIdentity,
  insertPasswordReset,
} from "@/db/user";
import { type Story, startStory } from "@/lib/testing/story";
import { listPaymentAttempts } from "./payments";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

test("an address that nobody ever proved is said to be so, until its owner uses a link or a provider that vouches", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const email = `${person.userId}@example.com`;
  const { userId } = person;
  const isProven = async () => {
    const [attempt] = await listPaymentAttempts({ search: email, after: null }, 1);
    expect(attempt?.customer).toBe(email);
    return attempt?.isEmailProven;
  };
  expect(await findUserByEmail(email)).not.toBeNull();
  expect(await isProven()).toBe(false);

  await transaction((tx) =>
    insertIdentity(tx, { provider: "naver", providerAccountId: "n", userId }),
  );
  const expiresAt = new Date(story.now().getTime() + 60_000);
  await transaction((tx) => insertPasswordReset(tx, { tokenHash: "asked", userId, expiresAt }));
  expect(await isProven()).toBe(false);
  await transaction((tx) => consumePasswordReset(tx, "asked", story.now()));
  expect(await isProven()).toBe(true);

  const other = await story.person();
  await story.subscribe(other, "basic-month-v1");
  await transaction((tx) =>
    insertIdentity(tx, { provider: "kakao", providerAccountId: "k", userId: other.userId }),
  );
  const [attempt] = await listPaymentAttempts(
    { search: `${other.userId}@example.com`, after: null },
    1,
  );
  expect(attempt?.isEmailProven).toBe(true);
});
